package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.Take;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// How many events of a partition may be handled at a time, and which of them only one after
/// another.
///
/// @param concurrency at least one
/// @param by what names an event's lane; null for its key
/// @param take how many are handled together; null for each by itself
public record LaneSpec(int concurrency, @Nullable LaneKey by, @Nullable Take take) {

  /// One at a time, in order.
  public static final LaneSpec SEQUENTIAL = new LaneSpec(1, null, null);

  /// More would not fit the metadata of the committed offset.
  public static final int CONCURRENCY_MAX = 1_000;

  public LaneSpec {
    if (concurrency < 1 || concurrency > CONCURRENCY_MAX) {
      throw new IllegalArgumentException(
          "concurrency: expected 1 to " + CONCURRENCY_MAX + ", found " + concurrency);
    }
  }

  /// Names an event's lane.
  @FunctionalInterface
  public interface LaneKey {
    /// @throws RuntimeException where the record's bytes are no key or value, or the app's function
    ///   fails
    byte @Nullable [] of(ConsumerRecord<byte[], byte[]> source);
  }

  public boolean isConcurrent() {
    return concurrency > 1;
  }

  /// Whether events are handled one by one, in their order.
  public boolean isPlain() {
    return concurrency == 1 && take == null;
  }
}
