package dev.gretchen.engine.internal.topology;

/// A table that every worker has all of.
///
/// @param topic whose last value of each key it holds
public record GlobalSpec(String name, String topic) {}
