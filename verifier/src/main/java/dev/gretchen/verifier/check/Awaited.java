package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.PendingIds;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/// What must arrive, by lane and in the order of each lane, read from its source only as far as it
/// is asked for: memory is that of what is in flight.
///
/// An item that arrives before others of its lane overtakes them. These may still arrive, out of
/// their turn; what has not arrived in the end is missing.
final class Awaited {

  /// How an item has arrived.
  enum Arrival {
    /// Next in its lane, or ahead of it.
    IN_TURN,
    /// Behind one that came after it.
    OUT_OF_TURN,
    /// Nobody awaits it, or not any more.
    UNAWAITED
  }

  /// Where it comes from.
  interface Source {
    /// Reads one more record of a partition and awaits what it promises.
    ///
    /// @return whether there was one
    boolean readOn(int partition);
  }

  private record Overtaken(int lane, long item) {}

  private final Source source;
  private final KeyIndex lanes = new KeyIndex();
  private final PendingIds items = new PendingIds();
  private final PendingIds facts = new PendingIds();
  private final Map<Overtaken, Long> overtaken = new HashMap<>();
  private long fact;

  Awaited(Source source) {
    this.source = source;
  }

  /// Awaits an item behind all others of its lane.
  ///
  /// @param about a fact about it, for whoever receives it
  void await(byte[] lane, long item, long about) {
    int slot = lanes.add(lane, 0);
    items.add(slot, item);
    facts.add(slot, about);
  }

  /// An item has arrived.
  ///
  /// @param partition of the source where it must come from
  Arrival arrived(byte[] lane, int partition, long item) {
    int slot = lanes.add(lane, 0);
    Long late = overtaken.remove(new Overtaken(slot, item));
    if (late != null) {
      fact = late;
      return Arrival.OUT_OF_TURN;
    }
    while (items.isEmpty(slot) || (items.first(slot) != item && items.indexOf(slot, item) < 0)) {
      if (!source.readOn(partition)) {
        return Arrival.UNAWAITED;
      }
    }
    while (items.first(slot) != item) {
      overtaken.put(new Overtaken(slot, items.remove(slot)), facts.remove(slot));
    }
    items.remove(slot);
    fact = facts.remove(slot);
    return Arrival.IN_TURN;
  }

  /// The fact about the item that arrived last.
  long fact() {
    return fact;
  }

  /// Reads the sources to their end and tells of each item that has not arrived.
  void missing(int partitions, LongConsumer told) {
    for (int p = 0; p < partitions; p++) {
      boolean more = true;
      while (more) {
        more = source.readOn(p);
      }
    }
    overtaken.keySet().stream().mapToLong(Overtaken::item).sorted().forEach(told);
    for (int slot = 0; slot < lanes.size(); slot++) {
      while (!items.isEmpty(slot)) {
        told.accept(items.remove(slot));
      }
    }
  }
}
