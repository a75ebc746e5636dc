package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of one life of a peer. Confined to its [Lookout].
final class Watched {

  static final long NEVER = -1;

  private Peer peer;
  private long heardAt = NEVER;
  private long progress = NEVER;
  private long progressAt = NEVER;
  private boolean reached;
  private boolean refuses;
  private boolean leaves;
  private Set<Life> suspects = Set.of();

  // what the lookout makes of it
  private Decision.@Nullable Reason reason;
  private long agreedAt = NEVER;
  private long askedAt = NEVER;
  private boolean evicted;

  Watched(Peer peer) {
    this.peer = peer;
  }

  /// The same life under a later assignment.
  Watched under(Peer later) {
    peer = later;
    return this;
  }

  Peer peer() {
    return peer;
  }

  Life life() {
    return Life.of(peer);
  }

  void heard(long counted, Set<Life> theirSuspects, long now) {
    heardAt = now;
    suspects = theirSuspects;
    refuses = false;
    if (counted != progress) {
      progress = counted;
      progressAt = now;
    }
  }

  /// It has ended its link to here in order, and so does not watch this worker any more.
  void fallsSilent() {
    heardAt = NEVER;
    progress = NEVER;
    suspects = Set.of();
  }

  void reached() {
    reached = true;
    refuses = false;
  }

  /// Nobody listens where it listened.
  void refused() {
    refuses = reached;
  }

  void leaves() {
    leaves = true;
  }

  boolean isLeaving() {
    return leaves;
  }

  /// What this worker was held up for is no silence of others.
  void beginAnew(long now) {
    if (heardAt != NEVER) {
      heardAt = now;
      progressAt = now;
    }
  }

  /// What is to be said of it. One that was never heard in this life is not silent: perhaps its
  /// address leads nowhere from here, or it has come back from an eviction, by which it has shown
  /// that it lives.
  Decision.@Nullable Reason reasonAt(long now, WatchSettings settings) {
    if (leaves) {
      return null;
    }
    if (refuses) {
      return Decision.Reason.DEAD;
    }
    if (heardAt == NEVER) {
      return null;
    }
    if (now - heardAt > settings.silentAfter().toNanos()) {
      return Decision.Reason.SILENT;
    }
    return now - progressAt > settings.stalledAfter().toNanos() ? Decision.Reason.STALLED : null;
  }

  /// When it was last as it should be.
  long wellAt() {
    return reason == Decision.Reason.STALLED ? progressAt : heardAt;
  }

  boolean suspects(Life other) {
    return suspects.contains(other);
  }

  Decision.@Nullable Reason reason() {
    return reason;
  }

  boolean isSuspect() {
    return reason != null;
  }

  void judge(Decision.@Nullable Reason found) {
    reason = found;
    if (found == null) {
      agreedAt = NEVER;
    }
  }

  /// @return since when there were watchers enough
  long agreed(long now) {
    if (agreedAt == NEVER) {
      agreedAt = now;
    }
    return agreedAt;
  }

  void disagreed() {
    agreedAt = NEVER;
  }

  boolean wasAskedSince(long time) {
    return askedAt != NEVER && askedAt >= time;
  }

  void asked(long now) {
    askedAt = now;
  }

  boolean isEvicted() {
    return evicted;
  }

  void evicted() {
    evicted = true;
  }
}
