package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.task.CurrentEvent;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The two sides of a join, as they stand in the topic between: one codec for the keys of both,
/// values each by its own.
///
/// @param join the join's name
/// @param left the topic between, for left events
/// @param right the same topic, for right events
record JoinSides<K, L, R>(String join, Topic<K, L> left, Topic<K, R> right) {

  /// A record of the topic between.
  ///
  /// @param left null for a tombstone, and on the right
  /// @param right null for a tombstone, and on the left
  record Arrival<K, L, R>(Side side, K key, @Nullable L left, @Nullable R right) {}

  /// Reads a record.
  ///
  /// @throws RuntimeException where it is none of a side's
  Arrival<K, L, R> read(ConsumerRecord<byte[], byte[]> source) {
    Side side = Side.of(source);
    K key = left.decodeKey(source.key());
    if (key == null) {
      throw new IllegalStateException("join " + join + ": an event without a key came through");
    }
    CurrentEvent.required(join).decoded(key, left.keys());
    return side == Side.LEFT
        ? new Arrival<>(side, key, left.decodeValue(source.value()), null)
        : new Arrival<>(side, key, null, right.decodeValue(source.value()));
  }

  /// The key under which an event of a side goes to the other.
  ///
  /// @param isTable whether tombstones are among them
  static <K, V> Function<Event<K, V>, K> keyOf(String join, boolean isTable) {
    return event -> {
      if (!event.hasKey()) {
        throw new IllegalStateException(
            "join "
                + join
                + ": "
                + event
                + " has no key, and meets nobody; filter such events out before, or group them by something that they have");
      }
      if (event.isTombstone() && !isTable) {
        throw new IllegalStateException(
            "join "
                + join
                + ": "
                + event
                + " is a tombstone, and in a stream there is nothing that it could delete; filter tombstones out before, or join the topic as a table");
      }
      return event.key();
    };
  }
}
