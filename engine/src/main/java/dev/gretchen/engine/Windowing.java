package dev.gretchen.engine;

import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A table of tumbling or hopping windows on the way: their size is known, how long they are kept
/// is not.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class Windowing<K, V> {

  private final Table<K, V> table;
  private final long sizeMillis;
  private final long stepMillis;
  private @Nullable Duration grace;

  Windowing(Table<K, V> table, Duration size, Duration step) {
    this.table = table;
    this.sizeMillis = table.millis("size", size);
    this.stepMillis = table.millis("step", step);
  }

  /// How long a window waits for events that come late, counted in stream time from its end. Then
  /// it closes: an event for it is counted as late and changes nothing. As long as it is kept, if
  /// this is not called.
  public Windowing<K, V> grace(Duration length) {
    grace = length;
    return this;
  }

  /// How long a window is kept, counted in stream time from its end, at least until it has closed.
  /// It is then deleted, from the store and the changelog alike. Use what this returns from then
  /// on.
  ///
  /// @throws IllegalArgumentException where size, step, grace and retention do not fit together
  public WindowedTable<K, V> retained(Duration retention) {
    long retentionMillis = table.millis("retention", retention);
    long graceMillis = grace == null ? retentionMillis : table.millis("grace", grace);
    return table.windowed(
        () -> new WindowSpec.Aligned(sizeMillis, stepMillis, graceMillis, retentionMillis));
  }
}
