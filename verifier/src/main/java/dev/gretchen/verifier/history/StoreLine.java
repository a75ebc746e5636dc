package dev.gretchen.verifier.history;

/// What a worker told of its store of one table partition; the entries lie in a file of their own.
///
/// @param at epoch milliseconds
/// @param checksum hex16
public record StoreLine(
    long at,
    String table,
    int partition,
    String worker,
    String role,
    String state,
    long records,
    String checksum,
    long position) {}
