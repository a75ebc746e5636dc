package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client's configuration map: values as they were given, or as text.
final class ClientConfig {

  private final Map<String, Object> values;

  ClientConfig(Map<String, Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /// As it was given.
  Map<String, Object> values() {
    return values;
  }

  @Nullable String text(String name) {
    Object value = values.get(name);
    return value == null ? null : value.toString();
  }

  String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  int number(String name, int otherwise) {
    String value = text(name);
    return value == null ? otherwise : Integer.parseInt(value.strip());
  }

  boolean flag(String name, boolean otherwise) {
    String value = text(name);
    return value == null ? otherwise : Boolean.parseBoolean(value.strip());
  }

  /// A time in milliseconds.
  Duration millis(String name, long otherwise) {
    String value = text(name);
    return Duration.ofMillis(value == null ? otherwise : Long.parseLong(value.strip()));
  }
}
