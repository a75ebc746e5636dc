package dev.gretchen.apps.feedchat.front;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How many posts each user may send through this worker: a bucket of tokens that fills at a steady
/// rate, for all connections of one name. Any thread.
///
/// A bucket that is full again is forgotten, so there are as many as users who posted within the
/// time that it takes to fill one.
final class PostRates {

  private static final double NANOS_A_SECOND = 1e9;
  private static final long NANOS_A_MILLI = 1_000_000;

  private final double perNano;
  private final double atOnce;
  private final LongSupplier clock;
  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

  /// @param tokens at that moment
  private record Bucket(double tokens, long at) {}

  /// @param perSecond at least one
  /// @param atOnce at least one
  /// @param clock nanoseconds, monotonic
  PostRates(int perSecond, int atOnce, LongSupplier clock) {
    this.perNano = perSecond / NANOS_A_SECOND;
    this.atOnce = atOnce;
    this.clock = clock;
  }

  /// Lets a user post once.
  ///
  /// @return 0 if the user may; otherwise in how many milliseconds
  long take(String user) {
    long now = clock.getAsLong();
    long[] wait = new long[1];
    buckets.compute(
        user,
        (_, bucket) -> {
          double there = bucket == null ? atOnce : filled(bucket, now);
          if (there >= 1) {
            return new Bucket(there - 1, now);
          }
          wait[0] = (long) Math.ceil((1 - there) / perNano / NANOS_A_MILLI);
          return new Bucket(there, now);
        });
    return wait[0];
  }

  private double filled(Bucket bucket, long now) {
    return Math.min(atOnce, bucket.tokens + (now - bucket.at) * perNano);
  }

  /// Forgets the buckets that are full again; to be called now and then.
  void tidy() {
    long now = clock.getAsLong();
    buckets.values().removeIf(bucket -> filled(bucket, now) >= atOnce);
  }

  int buckets() {
    return buckets.size();
  }
}
