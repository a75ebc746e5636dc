package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Names the events by which two logs differ, for the few keys whose tallies differ.
///
/// Both logs are walked abreast by time of observation; each id is weighed +1 by the source and -1
/// by the observed log and forgotten when it balances, so that memory is that of the ids in flight
/// and of the difference. Gives up (and names fewer) beyond [#IDS_MAX].
final class IdDifference {

  /// How many ids may be out of balance at once.
  static final int IDS_MAX = 500_000;

  /// One event out of balance.
  ///
  /// @param weight positive: the observed log lacks it; negative: holds it too often
  /// @param record the record that tipped it last
  record Entry(long id, int weight, LogRecord record) {}

  private final Map<Long, Entry> entries = new HashMap<>();

  private IdDifference() {}

  /// The events out of balance, in the order of the records that show it.
  static List<Entry> find(
      PartitionedLog source,
      Predicate<LogRecord> expected,
      PartitionedLog observed,
      Predicate<LogRecord> counted) {
    IdDifference difference = new IdDifference();
    MergedLog left = new MergedLog(source);
    MergedLog right = new MergedLog(observed);
    while (difference.entries.size() < IDS_MAX) {
      LogRecord leftHead = left.peek();
      LogRecord rightHead = right.peek();
      if (leftHead != null
          && (rightHead == null || leftHead.observedAt() <= rightHead.observedAt())) {
        difference.weigh(left.next(), expected, 1);
      } else if (rightHead != null) {
        difference.weigh(right.next(), counted, -1);
      } else {
        break;
      }
    }
    return difference.entries.values().stream()
        .sorted(
            Comparator.comparingLong((Entry e) -> e.record().observedAt())
                .thenComparingInt(e -> e.record().partition())
                .thenComparingLong(e -> e.record().offset()))
        .toList();
  }

  private void weigh(LogRecord record, Predicate<LogRecord> filter, int weight) {
    if (record.hasId() && filter.test(record)) {
      entries.compute(
          record.id(),
          (id, before) -> {
            int sum = weight + (before == null ? 0 : before.weight());
            return sum == 0 ? null : new Entry(id, sum, record);
          });
    }
  }
}
