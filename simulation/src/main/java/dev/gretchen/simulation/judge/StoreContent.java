package dev.gretchen.simulation.judge;

import java.util.List;

/// What a worker's store of one table partition holds when all is quiet.
///
/// @param role `active` or `standby`
/// @param state such as `running`
/// @param position of the changelog: behind the last record that was applied
/// @param entries with the keys of the changelog; the engine's own may be among them
public record StoreContent(
    String table,
    int partition,
    String worker,
    String role,
    String state,
    long position,
    List<Entry> entries) {

  public StoreContent {
    entries = List.copyOf(entries);
  }

  /// One entry.
  @SuppressWarnings("ArrayRecordComponent")
  public record Entry(byte[] key, byte[] value) {}
}
