package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.store.Position;
import java.time.Duration;
import org.apache.kafka.common.Uuid;

/// Whether a store can still be a prefix of its changelog, or must be thrown away: its changelog
/// has another topic id, its position lies outside the log, or it is older than the time for which
/// the log keeps tombstones, so that it may have missed deletions. Nothing else is a reason.
final class Outdated {

  private Outdated() {}

  /// Why a store must be thrown away, or [RecoveryResult#NOT_WIPED].
  ///
  /// @param topicId of the changelog now
  /// @param start first offset of the changelog
  /// @param end of it
  static String reason(
      Position position,
      Uuid topicId,
      long start,
      long end,
      long nowMillis,
      Duration tombstonesKept) {
    if (position.equals(Position.NOTHING)) {
      return RecoveryResult.NOT_WIPED;
    }
    if (!position.topicId().equals(topicId)) {
      return "changelog-was-recreated";
    }
    if (position.next() > end) {
      return "position-beyond-log-end";
    }
    if (nowMillis - position.caughtUpAt() > tombstonesKept.toMillis()) {
      return "older-than-tombstones-are-kept";
    }
    return position.next() < start ? "position-before-log-start" : RecoveryResult.NOT_WIPED;
  }
}
