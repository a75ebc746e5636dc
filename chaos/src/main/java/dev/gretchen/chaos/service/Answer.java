package dev.gretchen.chaos.service;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// An HTTP answer.
///
/// @param headers by name in lower case, without those that say how the body travels
@SuppressWarnings("ArrayRecordComponent")
public record Answer(int status, Map<String, String> headers, byte[] body) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(int status, String body) {
    return new Answer(
        status, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
  }

  Answer with(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /// The same with the first half of its body.
  Answer halved() {
    return new Answer(status, headers, Arrays.copyOf(body, body.length / 2));
  }

  /// The body as text.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
