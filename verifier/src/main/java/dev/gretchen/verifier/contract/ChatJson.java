package dev.gretchen.verifier.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the objects that a chat's topics, tables and frames hold.
final class ChatJson {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ChatJson() {}

  /// The object that some bytes are, null where they are none.
  static @Nullable JsonNode object(byte[] bytes) {
    try {
      return orNull(MAPPER.readTree(bytes));
    } catch (JacksonException _) {
      return null;
    }
  }

  /// The object that a text is, null where it is none.
  static @Nullable JsonNode object(String text) {
    try {
      return orNull(MAPPER.readTree(text));
    } catch (JacksonException _) {
      return null;
    }
  }

  /// A number in a field of an object, -1 where there is none.
  static long number(JsonNode object, String field) {
    JsonNode number = object.path(field);
    return number.isIntegralNumber() ? number.longValue() : -1;
  }

  /// An event id in a field of an object.
  ///
  /// @throws IllegalArgumentException where there is none
  static long id(JsonNode object) {
    return Hex16.parse(object.path("id").asString(""));
  }

  private static @Nullable JsonNode orNull(JsonNode json) {
    return json.isObject() ? json : null;
  }
}
