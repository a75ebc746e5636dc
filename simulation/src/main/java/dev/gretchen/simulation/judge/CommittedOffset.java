package dev.gretchen.simulation.judge;

import dev.gretchen.testkit.kafka.OffsetCommit;
import java.nio.charset.StandardCharsets;

/// An offset of the app's group, when it became visible.
///
/// @param metadata as the engine committed it: `v1,<epoch>`
/// @param nanos virtual time
public record CommittedOffset(
    String topic, int partition, long offset, String metadata, long nanos) {

  /// The epoch of an offset that does not say which it was committed in.
  static final long NO_EPOCH = -1;

  private static final String VERSION = "v1,";

  /// A commit as the simulated Kafka tells it.
  public static CommittedOffset of(OffsetCommit commit) {
    return new CommittedOffset(
        commit.partition().topic(),
        commit.partition().partition(),
        commit.offset(),
        commit.metadata(),
        commit.nanos());
  }

  /// The worker's transaction that committed it, [#NO_EPOCH] where the metadata says none.
  long epoch() {
    int digits = metadata.length() - VERSION.length();
    if (!metadata.startsWith(VERSION) || digits < 1 || digits > 18) {
      return NO_EPOCH;
    }
    long epoch = 0;
    for (byte b : metadata.substring(VERSION.length()).getBytes(StandardCharsets.UTF_8)) {
      if (b < '0' || b > '9') {
        return NO_EPOCH;
      }
      epoch = epoch * 10 + b - '0';
    }
    return epoch;
  }
}
