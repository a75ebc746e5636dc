package dev.gretchen.testkit.kafka;

/// A record in a log.
///
/// @param producerId -1 for a producer that is not idempotent
/// @param transactional whether it belongs to a transaction
public record StoredRecord(
    long offset, long producerId, short epoch, boolean transactional, Message message) {}
