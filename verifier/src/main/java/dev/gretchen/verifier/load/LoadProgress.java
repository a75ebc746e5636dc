package dev.gretchen.verifier.load;

/// How far a load has come.
///
/// @param sent events handed to the producer
/// @param acked events in the log for certain
/// @param failed events that are in no log for certain
/// @param unknown events whose fate the log will tell
/// @param slipP99Millis 99th percentile of how late an event was handed over, milliseconds
/// @param slipMaxMillis the largest, milliseconds
/// @param rate events a second so far
public record LoadProgress(
    long sent,
    long acked,
    long failed,
    long unknown,
    double slipP99Millis,
    double slipMaxMillis,
    double rate) {}
