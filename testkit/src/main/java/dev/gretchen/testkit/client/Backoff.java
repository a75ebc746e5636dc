package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.CommonClientConfigs;

/// How long a client waits before it asks again: twice as long each time up to a bound, give or
/// take a fifth, as all of Kafka's clients do.
final class Backoff {

  private static final double JITTER = 0.2;
  private static final int DOUBLINGS_MAX = 20;

  private final long firstNanos;
  private final long longestNanos;
  private final RandomGenerator random;

  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.firstNanos = Math.min(first.toNanos(), longest.toNanos());
    this.longestNanos = longest.toNanos();
    this.random = random;
  }

  static Backoff of(ClientConfig config, RandomGenerator random) {
    Duration first = config.millis(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 100);
    Duration longest = config.millis(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000);
    return new Backoff(first, longest.compareTo(first) < 0 ? first : longest, random);
  }

  /// @param attempts failed ones before the one that failed just now
  long nanos(int attempts) {
    long doubled = firstNanos << Math.min(attempts, DOUBLINGS_MAX);
    long bounded = doubled < firstNanos ? longestNanos : Math.min(doubled, longestNanos);
    return Math.max(1, (long) (bounded * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }
}
