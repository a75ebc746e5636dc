package dev.gretchen.engine;

/// A table as an app declares it, whatever its kind: its name and the types of what it holds.
///
/// @param <K> type of the key
/// @param <V> type of the value
public sealed interface DeclaredTable<K, V> permits Table, WindowedTable, SessionTable, SetTable {

  /// The name, unique in the app; the changelog is `<app>-<name>-changelog`.
  String name();

  /// The codec of its keys.
  Codec<K> keys();

  /// The codec of its values.
  Codec<V> values();
}
