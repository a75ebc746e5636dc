package dev.gretchen.chaos.service;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// What a front does while it misbehaves: which calls suffer, and by how much, from a seed.
///
/// @param percent of the calls that suffer
record Script(Misbehaviour misbehaviour, int percent, Chance chance, AtomicLong bitten) {

  private static final long FLAP_MILLIS = 250;
  private static final double SLOW_MEDIAN_MILLIS = 150;
  private static final double SLOW_MILLIS_MAX = 2_500;
  private static final int[] ERRORS = {500, 502, 503};

  Script(Misbehaviour misbehaviour, int percent, long seed) {
    this(misbehaviour, percent, new Chance(seed), new AtomicLong());
  }

  /// Whether a call suffers.
  ///
  /// @param sinceMillis how long it has misbehaved
  boolean bites(long sinceMillis) {
    return misbehaviour == Misbehaviour.FLAPPING
        ? sinceMillis / FLAP_MILLIS % 2 == 0
        : chance.below(100) < percent;
  }

  /// Log-normal: most calls near the median, a few very late.
  long delayMillis() {
    return (long) Math.min(SLOW_MILLIS_MAX, SLOW_MEDIAN_MILLIS * Math.exp(chance.gaussian()));
  }

  Answer refusal() {
    return misbehaviour == Misbehaviour.THROTTLED
        ? Answer.json(429, "{\"error\":\"too many requests\"}").with("retry-after", "1")
        : Answer.json(ERRORS[chance.below(ERRORS.length)], "{\"error\":\"out of order\"}");
  }

  /// Seeded chance for several threads.
  static final class Chance {
    private final SplittableRandom random;
    private final ReentrantLock lock = new ReentrantLock();

    Chance(long seed) {
      this.random = new SplittableRandom(seed);
    }

    int below(int bound) {
      lock.lock();
      try {
        return random.nextInt(bound);
      } finally {
        lock.unlock();
      }
    }

    double gaussian() {
      lock.lock();
      try {
        return random.nextGaussian();
      } finally {
        lock.unlock();
      }
    }
  }
}
