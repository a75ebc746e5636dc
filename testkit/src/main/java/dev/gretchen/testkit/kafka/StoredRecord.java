package dev.gretchen.testkit.kafka;

/// A record in a log.
///
/// @param writtenNanos virtual time at which it was appended
/// @param producerId -1 for a producer that is not idempotent
/// @param transactional whether it belongs to a transaction
public record StoredRecord(
    long offset,
    long writtenNanos,
    long producerId,
    short epoch,
    boolean transactional,
    Message message) {}
