package dev.gretchen.avro;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A schema registry over HTTP, by the REST API of Confluent's, which others speak too. What it
/// answers of an id never changes, so whoever asks keeps it.
///
/// A call that fails for a reason that may pass (no connection, a status of 429 or 5xx) is made
/// again, up to three times, after 200 ms and then twice as long as before.
public final class HttpRegistry implements SchemaRegistry {

  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration BOUND = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final int ATTEMPTS = 4;
  private static final int SHOWN_CHARS_MAX = 300;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;

  private final URI base;
  private final @Nullable String authorization;
  private final HttpClient http;
  private final JsonMapper json = JsonMapper.shared();

  HttpRegistry(URI base) {
    this(base, null);
  }

  private HttpRegistry(URI base, @Nullable String authorization) {
    if (!("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw new IllegalArgumentException(
          "a schema registry is at an address such as http://registry:8081, found " + base);
    }
    String text = base.toString();
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.authorization = authorization;
    this.http = HttpClient.newBuilder().connectTimeout(BOUND).build();
  }

  /// The same with a name and a password (HTTP basic authentication).
  public HttpRegistry authorized(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new HttpRegistry(base, "Basic " + Base64.getEncoder().encodeToString(both));
  }

  @Override
  public List<RegisteredSchema> versions(String subject) {
    String path = "subjects/" + escaped(subject) + "/versions";
    HttpResponse<String> answer = call(path, null);
    if (answer.statusCode() == NOT_FOUND) {
      return List.of();
    }
    List<RegisteredSchema> versions = new ArrayList<>();
    for (JsonNode version : json(path, answer)) {
      String one = path + "/" + version.asInt();
      JsonNode found = json(one, call(one, null));
      versions.add(new RegisteredSchema(version.asInt(), id(one, found), schema(one, found)));
    }
    return List.copyOf(versions);
  }

  /// The registry checks by its own rules, too, so it needs not be told what was known.
  @Override
  public Optional<RegisteredSchema> register(String subject, Schema schema, int known) {
    String path = "subjects/" + escaped(subject) + "/versions";
    HttpResponse<String> answer =
        call(path, json.writeValueAsString(Map.of("schema", schema.toString())));
    if (answer.statusCode() == CONFLICT || answer.statusCode() == UNPROCESSABLE) {
      throw new SchemaRefused(
          "subject "
              + subject
              + ": the schema registry "
              + base
              + " refuses the schema by its own rules: "
              + shown(answer.body())
              + "; change the schema, or the compatibility that the registry demands of the subject");
    }
    long id = id(path, json(path, answer));
    return versions(subject).stream().filter(version -> version.id() == id).findFirst();
  }

  @Override
  public Optional<Schema> find(long id) {
    String path = "schemas/ids/" + id;
    HttpResponse<String> answer = call(path, null);
    return answer.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(schema(path, json(path, answer)));
  }

  @Override
  public WireFormat format() {
    return WireFormat.CONFLUENT;
  }

  private long id(String path, JsonNode found) {
    long id = found.path("id").asLong(-1);
    if (id < 0) {
      throw unlike(path, "expected the id of a schema, found " + shown(found.toString()));
    }
    return id;
  }

  private Schema schema(String path, JsonNode found) {
    String type = found.path("schemaType").asString("AVRO");
    if (!type.equals("AVRO") || !found.path("references").isEmpty()) {
      throw unlike(
          path,
          "expected an Avro schema without references, found "
              + (type.equals("AVRO") ? "one with references" : type));
    }
    try {
      return new Schema.Parser().parse(found.path("schema").asString(""));
    } catch (SchemaParseException broken) {
      throw unlike(path, "expected an Avro schema, found none: " + broken.getMessage());
    }
  }

  private JsonNode json(String path, HttpResponse<String> answer) {
    if (answer.statusCode() != OK) {
      throw unlike(path, "status " + answer.statusCode() + ", " + shown(answer.body()));
    }
    try {
      return json.readTree(answer.body());
    } catch (JacksonException broken) {
      throw unlike(path, "expected JSON, found " + shown(answer.body()));
    }
  }

  private RegistryUnavailable unlike(String path, String what) {
    return new RegistryUnavailable(
        "schema registry "
            + base
            + ", asked for "
            + path
            + ": "
            + what
            + "; is that the address of a schema registry?");
  }

  /// @param body null to GET, otherwise what is POSTed
  private HttpResponse<String> call(String path, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(BOUND)
            .header("Accept", CONTENT_TYPE)
            .header("Content-Type", CONTENT_TYPE);
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      String reason;
      try {
        HttpResponse<String> answer =
            http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != TOO_MANY && answer.statusCode() < SERVER_ERROR) {
          return answer;
        }
        reason = "status " + answer.statusCode() + ", " + shown(answer.body());
      } catch (IOException failure) {
        reason = failure.toString();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new RegistryUnavailable(
            "schema registry " + base + ", asked for " + path + ": whoever asked was interrupted");
      }
      if (attempt == ATTEMPTS) {
        throw new RegistryUnavailable(
            "schema registry "
                + base
                + " has not answered "
                + path
                + " in "
                + ATTEMPTS
                + " attempts, the last time: "
                + reason
                + "; is it there, and can it be reached from here?");
      }
      sleep(pause, path);
      pause = pause.multipliedBy(2);
    }
  }

  private void sleep(Duration pause, String path) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RegistryUnavailable(
          "schema registry " + base + ", asked for " + path + ": whoever asked was interrupted");
    }
  }

  private static String escaped(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String shown(String body) {
    return body.substring(0, Math.min(body.length(), SHOWN_CHARS_MAX)).strip();
  }
}
