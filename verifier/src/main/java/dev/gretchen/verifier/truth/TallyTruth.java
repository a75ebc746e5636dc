package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Tally;

/// What the tallies must be at the end: the fold of a source's committed log, by group.
///
/// Holds three numbers and the bytes of each group, and nothing of the events.
public final class TallyTruth {

  private final Grouping grouping;
  private final KeyIndex groups = new KeyIndex();
  private final Longs counts = new Longs(0);
  private final Longs fingerprints = new Longs(0);
  private final Longs partitions = new Longs(-1);
  private final long[] streamTimes;
  private long events;
  private long late;

  private TallyTruth(Grouping grouping, int partitions) {
    this.grouping = grouping;
    this.streamTimes = new long[partitions];
  }

  /// Folds a whole log.
  public static TallyTruth fold(PartitionedLog source, Grouping grouping) {
    TallyTruth truth = new TallyTruth(grouping, source.partitions());
    for (int p = 0; p < source.partitions(); p++) {
      SourceCursor cursor = new SourceCursor(source.records(p), grouping);
      while (cursor.hasNext()) {
        byte[] group = cursor.next();
        if (group.length > 0) {
          truth.count(group, cursor.id(), p);
        } else if (cursor.late()) {
          truth.late++;
        }
      }
      truth.streamTimes[p] = cursor.streamTime();
    }
    return truth;
  }

  private void count(byte[] group, long id, int partition) {
    int slot = groups.add(group, 0);
    counts.add(slot, 1);
    fingerprints.add(slot, Mix.mix(id));
    partitions.set(slot, partition);
    events++;
  }

  /// By what it counted.
  public Grouping grouping() {
    return grouping;
  }

  /// The groups; a group's number is its slot in all that follows.
  public KeyIndex groups() {
    return groups;
  }

  /// The final tally of a group.
  public Tally tally(int slot) {
    return new Tally(counts.get(slot), fingerprints.get(slot));
  }

  /// How many events a group has.
  public long count(int slot) {
    return counts.get(slot);
  }

  /// The source partition of a group.
  public int partition(int slot) {
    return (int) partitions.get(slot);
  }

  /// How many events were counted, each as often as windows count it.
  public long events() {
    return events;
  }

  /// How many came too late for a window, each window counted.
  public long late() {
    return late;
  }

  /// The final stream time of a source partition, epoch milliseconds.
  public long streamTime(int partition) {
    return streamTimes[partition];
  }

  /// Whether a group's window has expired by the final stream time, so that it may be gone.
  public boolean mayBeGone(byte[] group, int from, int partition) {
    return switch (grouping) {
      case Grouping.ByKey _ -> false;
      case Grouping.ByWindow window ->
          window.expired(Grouping.windowStart(group, from), streamTimes[partition]);
    };
  }
}
