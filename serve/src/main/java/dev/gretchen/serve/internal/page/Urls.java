package dev.gretchen.serve.internal.page;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Text in addresses.
final class Urls {

  private Urls() {}

  /// As one segment of a path, or one value of a query.
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
