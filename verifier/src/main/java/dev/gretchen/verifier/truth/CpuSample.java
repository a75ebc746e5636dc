package dev.gretchen.verifier.truth;

/// How much CPU time a worker's process had taken since it began.
///
/// @param at epoch milliseconds
public record CpuSample(long at, String worker, long cpuMillis) {}
