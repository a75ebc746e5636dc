package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.Sighting;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// At which worker each client of a chat is, while its sightings are gone through.
final class Whereabouts {

  /// A worker's process.
  record Host(String worker, String incarnation) {}

  private final Map<Integer, Host> hosts = new HashMap<>();

  void follow(Sighting sighting) {
    if (sighting instanceof Sighting.Connected connected) {
      hosts.put(connected.client(), new Host(connected.worker(), connected.incarnation()));
    }
  }

  /// The process that a client is at, or was last; null where it was at none yet.
  @Nullable Host of(int client) {
    return hosts.get(client);
  }

  /// A client in words, with the process that it is at.
  String name(int client) {
    Host host = hosts.get(client);
    return "Client "
        + client
        + (host == null ? "" : " at " + host.worker() + " (process " + host.incarnation() + ")");
  }
}
