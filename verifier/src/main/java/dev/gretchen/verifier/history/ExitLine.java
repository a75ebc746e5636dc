package dev.gretchen.verifier.history;

/// A line of `exits.ndjson`: a worker's process ended, and nobody had ended it.
///
/// @param at epoch milliseconds
public record ExitLine(String worker, long at, int exitStatus) {}
