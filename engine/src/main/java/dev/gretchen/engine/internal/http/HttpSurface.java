package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableQuery;
import dev.gretchen.engine.internal.store.StorePartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the endpoints show. Called from the HTTP server's threads.
public interface HttpSurface {

  boolean isAlive();

  boolean isReady();

  /// Whether nothing more comes of the events that it has handled: all that they caused is
  /// committed and in the store, the windows that they closed are closed, and no task is held back
  /// that is to move.
  boolean isSettled();

  /// Prometheus text.
  String metrics();

  List<HeldTable> tables();

  /// A table partition that this worker holds, with a snapshot that the caller closes.
  Optional<OpenTable> open(String table, int partition);

  Failpoints failpoints();

  /// Who this worker is and what it does in its group, as names and values of JSON.
  Map<String, Object> status();

  /// Has a key of a table answered, by this worker or another; on another thread.
  void ask(TableQuery query, Asked asked, Consumer<Routed> answered);

  /// A table partition and how it stands.
  record HeldTable(String table, int partition, String role, String state) {}

  /// One with its content.
  record OpenTable(HeldTable held, StorePartition.Snapshot snapshot) implements AutoCloseable {
    @Override
    public void close() {
      snapshot.close();
    }
  }
}
