package dev.gretchen.verifier.verdict;

/// Latency from the intended send time of an event to the observation of its committed output, over
/// one stretch of a run.
///
/// @param stretch `before`, `during` or `after` the faults
/// @param events how many were measured
/// @param p50Millis median, milliseconds
/// @param p99Millis 99th percentile, milliseconds
/// @param maxMillis the largest, milliseconds
public record Latency(
    String stretch, long events, long p50Millis, long p99Millis, long maxMillis) {}
