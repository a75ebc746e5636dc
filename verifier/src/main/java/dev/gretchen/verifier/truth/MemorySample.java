package dev.gretchen.verifier.truth;

/// How much memory a worker's process had resident.
///
/// @param at epoch milliseconds
public record MemorySample(long at, String worker, long residentBytes) {}
