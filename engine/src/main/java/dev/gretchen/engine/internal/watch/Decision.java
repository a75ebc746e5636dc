package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;
import java.util.List;

/// What a [Lookout] wants done.
sealed interface Decision {

  /// Told, and nothing else.
  ///
  /// @param sinceNanos when the peer was last seen as it should be
  record Suspected(Peer peer, Reason reason, long sinceNanos) implements Decision {}

  /// Not suspected any more: told, and nothing else.
  record Cleared(Peer peer) implements Decision {}

  /// These are to be removed from the group and fenced, all at once: the group waits for each of
  /// its members.
  ///
  /// @param again whether one of them may live, and make its producer anew meanwhile: it is to be
  ///   fenced again after the removal
  record Evict(List<Peer> peers, boolean again) implements Decision {}

  /// These have gone without being evicted, and partitions of theirs came here.
  record Fence(List<Peer> peers) implements Decision {}

  /// Most peers look silent: it is more likely that this worker is cut off. Told, and nothing else.
  record Storm(int silent, int peers) implements Decision {}

  /// Why one is suspected.
  enum Reason {
    /// Its link was closed and its port refuses: its process has ended.
    DEAD,
    /// No pulses: frozen, or cut off.
    SILENT,
    /// Pulses, but its poll loop stands still.
    STALLED
  }
}
