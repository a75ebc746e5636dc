package dev.gretchen.engine.internal.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Tells the time of a topic's events.
@FunctionalInterface
public interface EventClock {

  /// Epoch milliseconds, not negative.
  ///
  /// @throws RuntimeException where the record's bytes are no key or value, or the app's function
  ///   fails
  long millis(ConsumerRecord<byte[], byte[]> source);

  /// The record at the time that this clock tells. Where it tells none, the record has none either:
  /// Kafka's own timestamp may be years away, and would close every window before it.
  static ConsumerRecord<byte[], byte[]> timed(
      EventClock clock, ConsumerRecord<byte[], byte[]> source) {
    long millis;
    try {
      millis = clock.millis(source);
    } catch (RuntimeException | StackOverflowError | AssertionError _) {
      millis = ConsumerRecord.NO_TIMESTAMP;
    }
    return new ConsumerRecord<>(
        source.topic(),
        source.partition(),
        source.offset(),
        millis,
        source.timestampType(),
        source.serializedKeySize(),
        source.serializedValueSize(),
        source.key(),
        source.value(),
        source.headers(),
        source.leaderEpoch());
  }
}
