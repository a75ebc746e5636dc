package dev.gretchen.verifier.verdict;

import java.util.List;

/// One thing that a checker found wrong.
///
/// @param kind a stable word, such as `lost`, `doubled`, `phantom`, `out-of-order`, `wrong-value`,
///   `stale-store`
/// @param sentence one sentence for a person: names key, event and, where known, worker, generation
///   and transaction
/// @param records at most ten records that show it, in the order of their logs
/// @param atMillis epoch milliseconds of the moment that it shows at, 0 where it has none
public record Anomaly(String kind, String sentence, List<Exhibit> records, long atMillis) {

  /// How many records one anomaly may carry.
  public static final int RECORDS_MAX = 10;

  public Anomaly {
    records = List.copyOf(records);
    if (records.size() > RECORDS_MAX) {
      throw new IllegalArgumentException(
          "an anomaly shows at most " + RECORDS_MAX + " records, got " + records.size());
    }
  }

  /// An anomaly without a moment.
  public Anomaly(String kind, String sentence, List<Exhibit> records) {
    this(kind, sentence, records, 0);
  }

  /// One record of evidence.
  ///
  /// @param where topic-partition@offset, or the endpoint that said it
  /// @param what key, value, event id and lineage in words
  /// @param remark what is wrong or right with it; empty if nothing is to be said
  public record Exhibit(String where, String what, String remark) {}
}
