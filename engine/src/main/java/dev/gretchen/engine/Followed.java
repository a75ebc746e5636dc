package dev.gretchen.engine;

/// A committed record of a topic that is followed.
///
/// @param <K> type of the key
/// @param <V> type of the value
/// @param bytes the value as it was written; not to be altered
public record Followed<K, V>(int partition, long offset, K key, V value, byte[] bytes) {}
