package dev.gretchen.engine;

import java.util.Optional;

/// Where clients open WebSockets. Called from the server's threads: nothing here may wait.
public interface SocketView {

  /// Why a client may not connect; empty if it may.
  ///
  /// A browser sends its page's `Origin`, whoever made that page, and asks nobody before it
  /// connects: it is here that a foreign one is refused.
  Optional<WebAnswer> refusal(WebRequest request);

  /// A client is connected.
  SocketListener opened(Socket socket);
}
