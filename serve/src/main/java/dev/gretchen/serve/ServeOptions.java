package dev.gretchen.serve;

import dev.gretchen.serve.internal.http.Token;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is to be served, and to whom.
///
/// @param runs folder of all runs
/// @param bind the address that is listened on
/// @param port 0 for any free one
/// @param token that must be shown to start and stop campaigns; empty where nobody can
/// @param soak the command that starts `./gretchen soak`, with that word
public record ServeOptions(
    Path runs, InetAddress bind, int port, Optional<String> token, List<String> soak) {

  /// The name in the environment under which a token may be given.
  public static final String TOKEN_VARIABLE = Token.VARIABLE;

  private static final int PORT_MAX = 65_535;

  public ServeOptions {
    soak = List.copyOf(soak);
    if (port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "--port: expected 0 to %d, found %d".formatted(PORT_MAX, port));
    }
  }
}
