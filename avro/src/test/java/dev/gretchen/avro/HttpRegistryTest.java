package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gretchen.engine.Codec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Against a scripted server that answers as the REST API is documented.
class HttpRegistryTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, List<String>> subjects = new LinkedHashMap<>();
  private final List<String> schemas = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private int failures;
  private boolean refuses;
  private final HttpServer server = start();

  private HttpServer start() {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      made.createContext("/sr/", this::answer);
      return made;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @BeforeEach
  void listen() {
    server.start();
  }

  @AfterEach
  void hangUp() {
    server.stop(0);
  }

  @Test
  void registersASchemaAndWritesTheIdThatItWasGiven() {
    schemas.add("\"string\"");
    Codec<GenericRecord> codec = Avro.with(registry()).values("orders", schema("a"));
    byte[] bytes = codec.encode(order("a"));
    assertThat(bytes).startsWith(0, 0, 0, 0, 2);
    assertThat(codec.decode(bytes)).isEqualTo(order("a"));
    assertThat(subjects.get("orders-value")).hasSize(1);
  }

  @Test
  void looksUpAnUnknownIdOnce() {
    Codec<GenericRecord> old = Avro.with(registry()).values("orders", schema("a"));
    Codec<GenericRecord> now = Avro.with(registry()).values("orders", schema("a", "b"));
    asked.clear();
    byte[] bytes = now.encode(order("a", "b"));
    assertThat(old.decode(bytes).get("a")).isEqualTo(7L);
    assertThat(old.decode(bytes).get("a")).isEqualTo(7L);
    assertThat(asked).containsExactly("GET /sr/schemas/ids/2");
  }

  @Test
  void refusesABreakingChangeBeforeTheRegistryIsAsked() {
    Avro.with(registry()).values("orders", schema("a"));
    Schema broken =
        SchemaBuilder.record("Order").fields().requiredLong("a").requiredLong("b").endRecord();
    assertThatThrownBy(() -> Avro.with(registry()).values("orders", broken))
        .isInstanceOf(SchemaRefused.class)
        .hasMessageContaining("field b is new and has no default");
    assertThat(subjects.get("orders-value")).hasSize(1);
  }

  @Test
  void passesOnWhatTheRegistryRefusesByItsOwnRules() {
    refuses = true;
    assertThatThrownBy(() -> Avro.with(registry()).values("orders", schema("a")))
        .isInstanceOf(SchemaRefused.class)
        .hasMessageContaining("subject orders-value")
        .hasMessageContaining("by its own rules")
        .hasMessageContaining("not today");
  }

  @Test
  void asksAgainWhereTheRegistryFailsForAWhile() {
    failures = 2;
    Avro.with(registry()).values("orders", schema("a"));
    assertThat(subjects.get("orders-value")).hasSize(1);
  }

  @Test
  void saysThatNobodyIsThere() {
    HttpRegistry registry = registry();
    server.stop(0);
    assertThatThrownBy(() -> Avro.with(registry).values("orders", schema("a")))
        .isInstanceOf(RegistryUnavailable.class)
        .hasMessageContaining("has not answered subjects/orders-value/versions in 4 attempts")
        .hasMessageContaining("can it be reached from here?");
    assertThatThrownBy(() -> SchemaRegistry.http(URI.create("registry:8081")))
        .hasMessageContaining("such as http://registry:8081");
  }

  @Test
  void saysThatSomethingElseIsThere() {
    HttpRegistry elsewhere = SchemaRegistry.http(base().resolve("/nothing"));
    assertThat(elsewhere.find(1)).isEmpty();
    assertThatThrownBy(() -> SchemaRegistry.http(base().resolve("/sr/odd")).find(1))
        .isInstanceOf(RegistryUnavailable.class)
        .hasMessageContaining("expected JSON, found hello")
        .hasMessageContaining("is that the address of a schema registry?");
  }

  @Test
  void namesWhoAsks() {
    registry().authorized("ann", "secret").versions("orders-value");
    assertThat(asked)
        .containsExactly("Basic YW5uOnNlY3JldA== GET /sr/subjects/orders-value/versions");
  }

  @Test
  void anIdThatTheRegistryDoesNotKnowIsARecordThatCannotBeRead() {
    Codec<GenericRecord> codec = Avro.with(registry()).values("orders", schema("a"));
    byte[] bytes = codec.encode(order("a"));
    bytes[4] = 77;
    assertThatThrownBy(() -> codec.decode(bytes))
        .hasMessageContaining("written by schema 4d, which the registry does not know");
    assertThatThrownBy(() -> codec.decode(new byte[] {1, 2, 3, 4, 5, 6}))
        .hasMessageContaining("expected Avro that begins with 00");
  }

  private void answer(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    String who = call.getRequestHeaders().getFirst("Authorization");
    asked.add((who == null ? "" : who + " ") + call.getRequestMethod() + " " + path);
    byte[] body = call.getRequestBody().readAllBytes();
    if (failures > 0) {
      failures--;
      say(call, 503, Map.of("error_code", 50301, "message", "starting"));
      return;
    }
    List<String> steps = List.of(path.substring("/sr/".length()).split("/"));
    switch (steps.getFirst()) {
      case "subjects" -> subject(call, steps, new String(body, StandardCharsets.UTF_8));
      case "schemas" -> schema(call, Integer.parseInt(steps.getLast()));
      default -> say(call, 200, "hello");
    }
  }

  private void subject(HttpExchange call, List<String> steps, String body) throws IOException {
    List<String> versions = subjects.getOrDefault(steps.get(1), List.of());
    if (call.getRequestMethod().equals("POST")) {
      if (refuses) {
        say(call, 409, Map.of("error_code", 409, "message", "not today"));
        return;
      }
      String schema = JSON.readTree(body).path("schema").asString();
      if (!schemas.contains(schema)) {
        schemas.add(schema);
      }
      subjects.computeIfAbsent(steps.get(1), _ -> new ArrayList<>()).add(schema);
      say(call, 200, Map.of("id", schemas.indexOf(schema) + 1));
    } else if (versions.isEmpty()) {
      say(call, 404, Map.of("error_code", 40401, "message", "Subject not found."));
    } else if (steps.size() == 3) {
      List<Integer> numbers = new ArrayList<>();
      versions.forEach(_ -> numbers.add(numbers.size() + 1));
      say(call, 200, numbers);
    } else {
      int version = Integer.parseInt(steps.get(3));
      String schema = versions.get(version - 1);
      say(
          call,
          200,
          Map.of(
              "subject",
              steps.get(1),
              "version",
              version,
              "id",
              schemas.indexOf(schema) + 1,
              "schema",
              schema));
    }
  }

  private void schema(HttpExchange call, int id) throws IOException {
    if (id > schemas.size()) {
      say(call, 404, Map.of("error_code", 40403, "message", "Schema not found"));
    } else {
      say(call, 200, Map.of("schema", schemas.get(id - 1)));
    }
  }

  private static void say(HttpExchange call, int status, Object answer) throws IOException {
    String text = answer instanceof String plain ? plain : JSON.writeValueAsString(answer);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }

  private HttpRegistry registry() {
    return SchemaRegistry.http(base());
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/sr");
  }

  private static Schema schema(String... fields) {
    SchemaBuilder.FieldAssembler<Schema> all = SchemaBuilder.record("Order").fields();
    for (String field : fields) {
      all = all.name(field).type().longType().longDefault(0);
    }
    return all.endRecord();
  }

  private static GenericRecord order(String... fields) {
    GenericRecord record = new GenericData.Record(schema(fields));
    for (String field : fields) {
      record.put(field, 7L);
    }
    return record;
  }
}
