package dev.gretchen.engine.internal.watch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// How often somebody may be evicted: a watch that goes wrong must not be worse than none.
///
/// All evictions that this worker hears of count, its own and those of others. Those for silence
/// are held against the slot, so that one which is cut off again and again is left to Kafka's own
/// session time-out for longer and longer; a process that has died is dead, however often.
///
/// Confined to its [Lookout].
final class Restraint {

  private static final int DOUBLINGS_MAX = 16;

  private final WatchSettings settings;
  private final ArrayDeque<Long> times = new ArrayDeque<>();
  private final Map<String, Held> bySlot = new HashMap<>();

  private record Held(long at, int count) {}

  Restraint(WatchSettings settings) {
    this.settings = settings;
  }

  /// Whether one more may be evicted now, beside some that are about to be.
  boolean allows(String slot, Decision.Reason reason, int beside, long now) {
    while (!times.isEmpty() && now - times.getFirst() > WatchSettings.EVICTIONS_PER.toNanos()) {
      times.removeFirst();
    }
    if (times.size() + beside >= settings.evictionsMax()) {
      return false;
    }
    Held held = bySlot.get(slot);
    return reason == Decision.Reason.DEAD || held == null || now - held.at >= backoff(held.count);
  }

  private long backoff(int count) {
    long doubled = settings.backoff().toNanos() << Math.min(count - 1, DOUBLINGS_MAX);
    return Math.min(doubled, settings.backoffMax().toNanos());
  }

  /// One was evicted.
  void evicted(String slot, Decision.Reason reason, long now) {
    times.add(now);
    if (reason != Decision.Reason.DEAD) {
      Held before = bySlot.get(slot);
      int count =
          before == null || now - before.at > WatchSettings.FORGIVEN_AFTER.toNanos()
              ? 1
              : before.count + 1;
      bySlot.put(slot, new Held(now, count));
    }
  }
}
