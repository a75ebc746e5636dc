package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableAnswer;
import dev.gretchen.engine.internal.route.TableQuery;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `GET /table/{table}/{key}` as text: questions and answers, written and read. Both ends are here,
/// because workers ask each other the same way as anybody asks them.
final class TableEndpoint {

  /// The header by which a worker that hands a question on says as what it asks.
  static final String ASKED = "gretchen-asked";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int OK = 200;

  private TableEndpoint() {}

  /// What a request says.
  sealed interface Request {

    /// A question.
    record Question(TableQuery query) implements Request {}

    /// None.
    record Unreadable(String why) implements Request {}
  }

  /// A question from a path and its parameters.
  ///
  /// @param path undecoded: `table`, its name, and perhaps the key
  /// @param key64 the key as base64url, null if it stands in the path
  /// @param at null for none
  static Request read(List<String> path, @Nullable String key64, @Nullable String at) {
    if (path.size() != (key64 == null ? 3 : 2)) {
      return new Request.Unreadable(
          "expected /table/{table}/{key}, or /table/{table}?key64=<the key's bytes as base64url>");
    }
    try {
      byte[] key =
          key64 == null
              ? decoded(path.get(2)).getBytes(StandardCharsets.UTF_8)
              : Base64.getUrlDecoder().decode(key64);
      return new Request.Question(
          new TableQuery(decoded(path.get(1)), key, at == null ? null : Long.valueOf(at)));
    } catch (NumberFormatException _) {
      return new Request.Unreadable("at: expected epoch milliseconds, found '" + at + "'");
    } catch (IllegalArgumentException bad) {
      return new Request.Unreadable("the key cannot be decoded: " + bad.getMessage());
    }
  }

  /// Path segments know no plus sign for a space.
  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  static String key64(byte[] key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  static String text(Asked asked) {
    return asked.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// As what a request asks: a worker says so in a header, a client by a parameter.
  static Optional<Asked> asked(@Nullable String header, @Nullable String owner) {
    if (header != null) {
      return List.of(Asked.AS_OWNER, Asked.AS_STANDBY).stream()
          .filter(asked -> text(asked).equals(header))
          .findFirst();
    }
    if (owner == null) {
      return Optional.of(Asked.ANYBODY);
    }
    return owner.equals("only") ? Optional.of(Asked.OWNER_ONLY) : Optional.empty();
  }

  static int status(Routed routed) {
    return switch (routed) {
      case Routed.Answered _ -> OK;
      case Routed.Unknown _ -> 404;
      case Routed.Unfit _ -> 400;
      case Routed.Nobody _ -> 503;
    };
  }

  static byte[] body(Routed routed) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    switch (routed) {
      case Routed.Answered(TableAnswer answer) -> {
        byte[] value = answer.value();
        body.put("table", answer.table());
        body.put("partition", answer.partition());
        body.put("value", value == null ? null : Base64.getEncoder().encodeToString(value));
        String text = value == null ? null : textOf(value);
        if (text != null) {
          body.put("text", text);
        }
        body.put("worker", answer.worker());
        body.put("role", answer.role().name().toLowerCase(Locale.ROOT));
        body.put("position", answer.position());
        body.put("behindRecords", answer.behindRecords());
        body.put("behindMillis", answer.behindMillis());
      }
      case Routed.Nobody(String why, String owner) -> {
        body.put("error", why);
        if (!owner.isEmpty()) {
          body.put("owner", owner);
        }
      }
      case Routed.Unknown(String why) -> body.put("error", why);
      case Routed.Unfit(String why) -> body.put("error", why);
    }
    return JSON.writeValueAsBytes(body);
  }

  private static @Nullable String textOf(byte[] value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /// What another worker answered.
  static Routed parse(int status, byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (status != OK) {
        return new Routed.Nobody(
            json.path("error").asString("status " + status), json.path("owner").asString(""));
      }
      JsonNode behind = json.path("behindMillis");
      return new Routed.Answered(
          new TableAnswer(
              json.required("table").asString(),
              json.required("partition").asInt(),
              json.required("value").isNull()
                  ? null
                  : Base64.getDecoder().decode(json.required("value").asString()),
              json.required("worker").asString(),
              TableAnswer.Role.valueOf(json.required("role").asString().toUpperCase(Locale.ROOT)),
              json.required("position").asLong(),
              json.required("behindRecords").asLong(),
              behind.isNull() || behind.isMissingNode() ? null : Long.valueOf(behind.asLong())));
    } catch (JacksonException | IllegalArgumentException unreadable) {
      return new Routed.Nobody(
          "its answer (status " + status + ") cannot be read: " + unreadable.getMessage(), "");
    }
  }
}
