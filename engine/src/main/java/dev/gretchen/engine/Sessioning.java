package dev.gretchen.engine;

import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import java.util.function.BinaryOperator;

/// A table of sessions on the way: their gap is known, how long they are kept is not.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Sessioning<K, V> {

  private final Table<K, V> table;
  private final long gapMillis;
  private final BinaryOperator<V> union;

  Sessioning(Table<K, V> table, Duration gap, BinaryOperator<V> union) {
    this.table = table;
    this.gapMillis = table.millis("gap", gap);
    this.union = union;
  }

  /// How long a session waits for events that come late, counted in stream time from its end, which
  /// is a gap after its last event. Then it closes and is deleted, from the store and the changelog
  /// alike. Use what this returns from then on.
  ///
  /// @throws IllegalArgumentException for a gap of no length, or a negative retention
  public SessionTable<K, V> retained(Duration retention) {
    long retentionMillis = table.millis("retention", retention);
    return table.sessions(() -> new WindowSpec.Sessions(gapMillis, retentionMillis), union);
  }
}
