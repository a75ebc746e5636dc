package dev.gretchen.serve.internal.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/// What is answered.
public sealed interface Answer {

  String HTML = "text/html; charset=utf-8";
  String JSON = "application/json";
  String TEXT = "text/plain; charset=utf-8";

  /// What a run left is shown as it is, and may hold whatever an app said: it gets no script, no
  /// form, no request and no origin.
  Map<String, String> SANDBOXED =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox");

  /// An answer that is known as a whole.
  ///
  /// @param headers beside its type, and instead of those that every answer has
  record Whole(int status, String type, byte[] body, Map<String, String> headers)
      implements Answer {
    public Whole {
      headers = Map.copyOf(headers);
    }
  }

  /// A file, which is sent piece by piece.
  record Content(Path file, String type, Map<String, String> headers) implements Answer {
    public Content {
      headers = Map.copyOf(headers);
    }
  }

  /// Events without end: the state of something, whenever it has changed.
  ///
  /// @param name of the events
  /// @param state as text; asked for about once a second for each listener
  record Events(String name, Supplier<String> state) implements Answer {}

  static Answer html(int status, String page) {
    return whole(status, HTML, page);
  }

  static Answer json(int status, String json) {
    return whole(status, JSON, json);
  }

  /// Text of a type, with a status.
  static Answer whole(int status, String type, String text) {
    return new Whole(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
