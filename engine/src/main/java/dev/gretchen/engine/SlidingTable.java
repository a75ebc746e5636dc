package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.CurrentEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/// A table whose value for a key is that of a stretch of event time that slides along with the
/// events: of the last ten minutes, say, as of each event.
///
/// The stretch slides by a step. It ends with the step that holds the moment in question and is so
/// long as its size says, both of which are half-open and aligned to the epoch. An event is counted
/// once, in the *pane* of its step; a read unites the panes of the stretch. So an event costs one
/// change, where hopping windows cost `size / step` of them, and a read `size / step` look-ups.
/// (After J. Li, D. Maier, K. Tufte, V. Papadimos, P. Tucker: No Pane, No Gain, 2005.)
///
/// Stream time, late events and deletion as in [WindowedTable]: an event is late when no stretch
/// that holds it is kept any more.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class SlidingTable<K, V> {

  private final WindowedTable<K, V> panes;
  private final long sizeMillis;
  private final long stepMillis;
  private final BinaryOperator<V> union;

  SlidingTable(WindowedTable<K, V> panes, long sizeMillis, BinaryOperator<V> union) {
    this.panes = panes;
    this.sizeMillis = sizeMillis;
    this.stepMillis = panes.size().toMillis();
    this.union = union;
  }

  /// The panes, which are what the app's store and changelog hold.
  public WindowedTable<K, V> panes() {
    return panes;
  }

  /// How long the stretch is.
  public Duration size() {
    return Duration.ofMillis(sizeMillis);
  }

  /// As [WindowedTable#lateTo].
  public SlidingTable<K, V> lateTo(Topic<?, ?> topic) {
    panes.lateTo(topic);
    return this;
  }

  /// Merges something into the key's value at the current event's time.
  ///
  /// @return the value of the stretch that ends with the event; empty if it is late, in which case
  ///   nothing changes
  public <E> Optional<V> merge(
      K key, E item, BiFunction<? super V, ? super E, ? extends V> function) {
    return panes.merge(key, item, function).isEmpty() ? Optional.empty() : current(key);
  }

  /// The key's value in the stretch that ends with the current event; empty if it has none there.
  public Optional<V> current(K key) {
    return at(key, CurrentEvent.required(panes.toString()).timestamp());
  }

  /// The key's value in the stretch that ends with a moment; of what is still kept.
  ///
  /// @param epochMillis event time
  public Optional<V> at(K key, long epochMillis) {
    long last = Math.floorDiv(epochMillis, stepMillis) * stepMillis;
    return panes.between(key, last + stepMillis - sizeMillis, last + 1).values().stream()
        .reduce(union);
  }

  @Override
  public String toString() {
    return "sliding " + panes;
  }
}
