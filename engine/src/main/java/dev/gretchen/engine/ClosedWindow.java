package dev.gretchen.engine;

/// A window that has closed, with a key's last value in it.
///
/// @param <K> type of the key
/// @param <V> type of the value
public record ClosedWindow<K, V>(K key, V value, Window window) {}
