package dev.gretchen.apps.feedchat.front;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How many posts each user may send through this worker: a bucket of tokens that fills at a steady
/// rate, for all connections of one name. Any thread.
///
/// A bucket is the moment at which it is full again (the generic cell rate algorithm of ATM): whole
/// nanoseconds, so a user who waits as long as was said may post. One that is full is forgotten, so
/// there are as many as users who posted within the time that it takes to fill one.
final class PostRates {

  private static final long NANOS_A_SECOND = 1_000_000_000;
  private static final long NANOS_A_MILLI = 1_000_000;

  private final long nanosAPost;
  private final long nanosAhead;
  private final LongSupplier clock;
  private final ConcurrentHashMap<String, Long> fullAt = new ConcurrentHashMap<>();

  /// @param perSecond at least one
  /// @param atOnce at least one
  /// @param clock nanoseconds, monotonic
  PostRates(int perSecond, int atOnce, LongSupplier clock) {
    this.nanosAPost = Math.ceilDiv(NANOS_A_SECOND, perSecond);
    this.nanosAhead = (atOnce - 1) * nanosAPost;
    this.clock = clock;
  }

  /// Lets a user post once.
  ///
  /// @return 0 if the user may; otherwise in how many milliseconds
  long take(String user) {
    long now = clock.getAsLong();
    long[] wait = new long[1];
    fullAt.compute(
        user,
        (_, full) -> {
          long untilFull = full == null ? 0 : Math.max(0, full - now);
          wait[0] = Math.max(0, Math.ceilDiv(untilFull - nanosAhead, NANOS_A_MILLI));
          return wait[0] > 0 ? full : Long.valueOf(now + untilFull + nanosAPost);
        });
    return wait[0];
  }

  /// Forgets the buckets that are full again; to be called now and then.
  void tidy() {
    long now = clock.getAsLong();
    fullAt.values().removeIf(full -> full - now <= 0);
  }

  int buckets() {
    return fullAt.size();
  }
}
