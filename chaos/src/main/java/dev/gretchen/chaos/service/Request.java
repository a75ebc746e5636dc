package dev.gretchen.chaos.service;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An HTTP request.
///
/// @param target path and query
/// @param headers by name in lower case
@SuppressWarnings("ArrayRecordComponent")
public record Request(String method, String target, Map<String, String> headers, byte[] body) {
  public Request {
    headers = Map.copyOf(headers);
  }

  /// The target without its query.
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /// The body as text.
  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
