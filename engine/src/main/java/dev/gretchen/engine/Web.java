package dev.gretchen.engine;

import dev.gretchen.engine.internal.http.Routes;

/// Takes the views and sockets of a [Front]. They are served on the worker's HTTP port, which
/// listens on loopback: what faces the world stands before it.
public final class Web {

  /// What a client may send as the body of a request to a view.
  public static final int BODY_BYTES_MAX = 64 << 10;

  private final Routes routes;

  /// For the engine.
  public Web(Routes routes) {
    this.routes = routes;
  }

  /// Registers a view.
  ///
  /// @param method such as `GET`
  /// @param path such as `/rooms/{room}/recent`, where `{room}` is any one segment; beginning with
  ///   none of the engine's own words (`livez`, `readyz`, `metrics`, `verify`, `table`, `status`,
  ///   `failpoints`)
  /// @throws IllegalArgumentException for a path that is taken, or none
  public Web view(String method, String path, View view) {
    routes.add(method, path, view);
    return this;
  }

  /// Registers where clients open WebSockets.
  ///
  /// @param path as with [#view]
  /// @param messageBytesMax what a client may send at once; more closes its connection (1009)
  /// @throws IllegalArgumentException for a path that is taken, or none
  public Web socket(String path, int messageBytesMax, SocketView view) {
    routes.add(path, messageBytesMax, view);
    return this;
  }
}
