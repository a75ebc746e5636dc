package dev.gretchen.verifier.history;

/// What an observer has seen of one topic partition so far.
///
/// @param records how many committed records
/// @param position the next offset that it will read; control records are behind it
/// @param dataEnd the offset of the last record + 1, 0 before the first
/// @param lastSeenAt epoch milliseconds of the last observation, 0 before the first
public record Watch(
    String topic, int partition, long records, long position, long dataEnd, long lastSeenAt) {}
