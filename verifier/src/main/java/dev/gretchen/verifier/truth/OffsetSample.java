package dev.gretchen.verifier.truth;

import org.jspecify.annotations.Nullable;

/// What the group coordinator and the log said of one partition at one moment.
///
/// @param at epoch milliseconds
/// @param committed the group's committed offset, -1 where it has none
/// @param end the log's end by its high watermark
/// @param stableEnd the log's end for committed readers (LSO)
/// @param last whether it was taken when all was quiet, after the barrier
/// @param metadata of the committed offset, null where nobody asked or there is none
public record OffsetSample(
    long at,
    String topic,
    int partition,
    long committed,
    long end,
    long stableEnd,
    boolean last,
    @Nullable String metadata) {

  /// A sample without metadata.
  public OffsetSample(
      long at,
      String topic,
      int partition,
      long committed,
      long end,
      long stableEnd,
      boolean last) {
    this(at, topic, partition, committed, end, stableEnd, last, null);
  }
}
