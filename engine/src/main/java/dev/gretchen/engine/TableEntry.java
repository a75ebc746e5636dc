package dev.gretchen.engine;

/// A key of a table with its value.
///
/// @param <K> type of the key
/// @param <V> type of the value
public record TableEntry<K, V>(K key, V value) {}
