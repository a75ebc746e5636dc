package dev.gretchen.engine.internal.window;

/// A session as a table keeps it.
///
/// @param start its first event
/// @param end a gap after its last event
public record Session<V>(long start, long end, V value) {}
