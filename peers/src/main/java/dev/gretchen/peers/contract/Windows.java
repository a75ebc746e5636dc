package dev.gretchen.peers.contract;

import java.time.Duration;

/// The windows of `color-minute`: tumbling, half-open, aligned to the epoch, kept for a while of
/// stream time.
public final class Windows {

  public static final Duration SIZE = Duration.ofMinutes(1);
  public static final Duration RETENTION = Duration.ofHours(1);

  private static final long SIZE_MILLIS = SIZE.toMillis();
  private static final long RETENTION_MILLIS = RETENTION.toMillis();

  private Windows() {}

  /// The start of the window that a moment lies in.
  public static long start(long epochMillis) {
    return Math.floorDiv(epochMillis, SIZE_MILLIS) * SIZE_MILLIS;
  }

  /// Whether events of a window come too late, and the window is dropped.
  public static boolean isExpired(long start, long streamTime) {
    return start <= lastExpired(streamTime);
  }

  /// Windows that start then or earlier are dropped.
  public static long lastExpired(long streamTime) {
    return streamTime - SIZE_MILLIS - RETENTION_MILLIS;
  }
}
