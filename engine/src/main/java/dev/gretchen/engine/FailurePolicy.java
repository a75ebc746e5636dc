package dev.gretchen.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What follows when a handler throws.
public sealed interface FailurePolicy {

  /// Beyond this, pauses do not grow unless a policy says so.
  Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// Of [#standard].
  double STANDARD_JITTER = 0.5;

  /// A pause doubles no more often.
  int DOUBLINGS_MAX = 20;

  /// Retries, each after twice the pause of the one before, then sends the event to the dead-letter
  /// topic and goes on.
  ///
  /// @param retries how often the event is tried again, 0 or more
  /// @param firstPause before the first retry
  /// @param longestPause beyond which pauses do not grow
  /// @param jitter the share of each pause that is left to chance, 0 to 1: so that those who failed
  ///   together do not come back together
  /// @param deadline what an event or a batch may take in all, from its first attempt on, or null:
  ///   a handler that is still at it then is interrupted, [Event#sleep] and [Event#timeLeft] end
  ///   there, what it did does not count, and it is not tried again ([DeadlinePassed]). A handler
  ///   that pays no heed to an interrupt holds up its lane until it returns, and nothing else
  record DeadLetter(
      int retries,
      Duration firstPause,
      Duration longestPause,
      double jitter,
      @Nullable Duration deadline)
      implements FailurePolicy {

    public DeadLetter {
      if (retries < 0 || firstPause.isNegative() || longestPause.isNegative()) {
        throw new IllegalArgumentException(
            "retries and pauses must not be negative: "
                + retries
                + ", "
                + firstPause
                + ", "
                + longestPause);
      }
      if (!(jitter >= 0 && jitter <= 1)) {
        throw new IllegalArgumentException("jitter: expected a share from 0 to 1, found " + jitter);
      }
      if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
        throw new IllegalArgumentException("a deadline lies ahead, found " + deadline);
      }
    }

    /// Without jitter or deadline, and with pauses of at most half a minute.
    public DeadLetter(int retries, Duration firstPause) {
      this(
          retries,
          firstPause,
          firstPause.compareTo(LONGEST_PAUSE) > 0 ? firstPause : LONGEST_PAUSE,
          0,
          null);
    }

    /// The same with pauses of at most so long.
    public DeadLetter pausingAtMost(Duration longest) {
      return new DeadLetter(retries, firstPause, longest, jitter, deadline);
    }

    /// The same with a share of each pause left to chance.
    public DeadLetter jittered(double share) {
      return new DeadLetter(retries, firstPause, longestPause, share, deadline);
    }

    /// The same with a limit to what an event may take in all.
    public DeadLetter within(Duration limit) {
      return new DeadLetter(retries, firstPause, longestPause, jitter, limit);
    }

    /// The pause before a retry.
    ///
    /// @param attempts how many have failed, beside the first
    /// @param chance from 0 to below 1
    public Duration pause(int attempts, double chance) {
      Duration whole = firstPause.multipliedBy(1L << Math.min(attempts, DOUBLINGS_MAX));
      long nanos = (whole.compareTo(longestPause) > 0 ? longestPause : whole).toNanos();
      return Duration.ofNanos(nanos - (long) (nanos * jitter * chance));
    }
  }

  /// Stops the worker, with the event unapplied.
  record StopWorker() implements FailurePolicy {}

  /// The default: three retries, the first after 100 ms or a little less, then the dead-letter
  /// topic.
  static FailurePolicy standard() {
    return new DeadLetter(3, Duration.ofMillis(100)).jittered(STANDARD_JITTER);
  }
}
