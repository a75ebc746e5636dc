package dev.gretchen.apps.feedchat.front;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// From which pages a browser may connect. Pure.
///
/// A browser opens a WebSocket for any page that asks, and says in `Origin` which one it is. A page
/// of a stranger could otherwise read the chat of whoever looks at it. Programs send no `Origin`,
/// and could send any.
///
/// @param allowed beside the worker's own, which are those of loopback at its port
record Origins(Set<String> allowed) {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:[0-9]{1,5})?");

  /// Origins with commas between them; none for an empty string.
  ///
  /// @throws IllegalArgumentException naming the one that is none
  static Origins parse(String list) {
    return new Origins(
        Arrays.stream(list.split(","))
            .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
            .filter(origin -> !origin.isEmpty())
            .map(Origins::required)
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static String required(String origin) {
    if (!ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException(
          "--origins: expected https://HOST or https://HOST:PORT, found '" + origin + "'");
    }
    return origin;
  }

  /// Whether a page of an origin may connect to a worker that listens at a port of loopback.
  boolean admit(String origin, int port) {
    String sent = origin.toLowerCase(Locale.ROOT);
    return allowed.contains(sent)
        || sent.equals("http://localhost:" + port)
        || sent.equals("http://127.0.0.1:" + port)
        || sent.equals("http://[::1]:" + port);
  }
}
