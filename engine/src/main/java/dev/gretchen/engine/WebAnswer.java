package dev.gretchen.engine;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What a view answers.
///
/// @param status of HTTP
/// @param type the media type of the body
/// @param headers beside it, in order
public record WebAnswer(int status, String type, byte[] body, Map<String, String> headers) {

  private static final JsonMapper JSON = JsonMapper.shared();

  public WebAnswer {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("expected a status of 200 to 599, found " + status);
    }
  }

  /// A sentence.
  public static WebAnswer text(int status, String sentence) {
    return of(
        status, "text/plain; charset=utf-8", (sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// A value as JSON.
  public static WebAnswer json(int status, Object value) {
    return of(status, "application/json", JSON.writeValueAsBytes(value));
  }

  /// Bytes as they are.
  public static WebAnswer of(int status, String type, byte[] body) {
    return new WebAnswer(status, type, body, Map.of());
  }

  /// The same with a header more.
  public WebAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new WebAnswer(status, type, body, more);
  }
}
