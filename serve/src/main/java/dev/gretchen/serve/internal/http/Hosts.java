package dev.gretchen.serve.internal.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// By which names a server may be asked.
///
/// A server on loopback is safe from the network, but not from pages in a browser of the same
/// machine: one whose name was made to point to 127.0.0.1 could read everything here as its own.
/// Its requests still carry its name, so a server on loopback answers to the names of loopback
/// alone.
final class Hosts {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final boolean loopback;
  private final String address;

  Hosts(InetAddress bind) {
    this.loopback = bind.isLoopbackAddress();
    this.address = bind.getHostAddress();
  }

  /// @param host of a request, without its port
  /// @throws Refused where it is none of this server's names
  void require(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (loopback && !LOOPBACK.contains(name) && !name.equals(address)) {
      throw new Refused(
          421,
          "This server is on loopback and answers to localhost, found '" + host + "'",
          Map.of());
    }
  }
}
