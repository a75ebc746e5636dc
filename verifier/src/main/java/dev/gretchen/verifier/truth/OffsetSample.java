package dev.gretchen.verifier.truth;

/// What the group coordinator and the log said of one partition at one moment.
///
/// @param at epoch milliseconds
/// @param committed the group's committed offset, -1 where it has none
/// @param end the log's end by its high watermark
/// @param stableEnd the log's end for committed readers (LSO)
/// @param last whether it was taken when all was quiet, after the barrier
public record OffsetSample(
    long at, String topic, int partition, long committed, long end, long stableEnd, boolean last) {}
