package dev.gretchen.engine;

import java.util.List;

/// Reads a whole topic on each worker, outside the group: for what all of them show to their
/// clients. See [Worker#follow]. Called on one thread, which does nothing else; if it throws, the
/// worker fails.
///
/// @param <K> type of the key
/// @param <V> type of the value
public interface Follower<K, V> {

  /// Committed records that have come, those of a partition in its order. Records without key or
  /// value are left out, and those that the topic's codecs cannot read, which are logged.
  void read(List<Followed<K, V>> records);

  /// All that was committed in the topic when following began has been read. Called once.
  void caughtUp();
}
