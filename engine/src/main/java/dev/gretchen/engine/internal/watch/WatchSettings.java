package dev.gretchen.engine.internal.watch;

import java.time.Duration;

/// The bounds of the watch.
///
/// @param pulseEvery how often a pulse is sent. Ten a second cost nothing, and detection by silence
///   is a matter of `silentAfter` alone
/// @param silentAfter without a pulse for so long, a peer is silent: ten pulses, because a pause
///   for garbage or a busy machine takes some hundred milliseconds, and a SIGSTOP is to be dealt
///   with within three seconds
/// @param stalledAfter without progress for so long, a poll loop stands still. Longer than a
///   revocation may take (handlers 2 s, commit 4 s), shorter than `max.poll.interval.ms` (10 s)
/// @param heldUpAfter if this worker's own look is later than so much, it was held up itself, and
///   has missed what others sent: all begin anew
/// @param turn how long each living worker waits for the one before it to evict. Longer than an
///   eviction takes, because a second one could hit the suspect when it has just come back
/// @param turnOfTheDead the same where the suspect's process has ended: nothing comes back under
///   its instance id, so a second eviction does no harm, and the first one in the order may be slow
/// @param askedAgainAfter an eviction whose outcome is unknown is tried again after this
/// @param watchersMin so many must have seen silence, where there are so many
/// @param evictionsMax in [#EVICTIONS_PER], of whatever kind; beyond it Kafka's session time-out
///   decides
/// @param backoff between two evictions of one slot for silence; doubled each time
/// @param backoffMax up to this
public record WatchSettings(
    Duration pulseEvery,
    Duration silentAfter,
    Duration stalledAfter,
    Duration heldUpAfter,
    Duration turn,
    Duration turnOfTheDead,
    Duration askedAgainAfter,
    int watchersMin,
    int evictionsMax,
    Duration backoff,
    Duration backoffMax) {

  /// The time over which evictions are counted.
  static final Duration EVICTIONS_PER = Duration.ofMinutes(1);

  /// A slot that was not evicted for so long begins with the shortest back-off again.
  static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

  public WatchSettings {
    if (pulseEvery.compareTo(silentAfter) >= 0 || heldUpAfter.compareTo(silentAfter) > 0) {
      throw new IllegalArgumentException(
          "a silence must be longer than a pulse and than a delay of our own, found "
              + silentAfter);
    }
    if (watchersMin < 1 || evictionsMax < 1) {
      throw new IllegalArgumentException("watchersMin and evictionsMax are at least 1");
    }
  }

  public static WatchSettings standard() {
    return new WatchSettings(
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(7),
        Duration.ofMillis(500),
        Duration.ofMillis(1_500),
        Duration.ofMillis(50),
        Duration.ofSeconds(3),
        2,
        20,
        Duration.ofSeconds(5),
        Duration.ofMinutes(5));
  }

  /// The same with another number of watchers.
  public WatchSettings withWatchersMin(int other) {
    return new WatchSettings(
        pulseEvery,
        silentAfter,
        stalledAfter,
        heldUpAfter,
        turn,
        turnOfTheDead,
        askedAgainAfter,
        other,
        evictionsMax,
        backoff,
        backoffMax);
  }
}
