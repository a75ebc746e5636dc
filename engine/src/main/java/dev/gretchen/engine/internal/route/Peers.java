package dev.gretchen.engine.internal.route;

import dev.gretchen.engine.internal.assign.Peer;

/// Asks other workers. Each call is bounded in time and may wait for so long.
public interface Peers extends AutoCloseable {

  /// What another worker says; [Routed.Nobody] if it says nothing.
  Routed ask(Peer peer, TableQuery query, Asked asked);

  @Override
  void close();
}
