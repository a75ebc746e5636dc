package dev.gretchen.engine;

/// Where an agent's events come from: a [Topic], or an [EventStream] of several topics, of those
/// that a pattern finds, filtered or under another key.
///
/// @param <K> type of the keys
/// @param <V> type of the values
public sealed interface Source<K, V> permits Topic, EventStream {}
