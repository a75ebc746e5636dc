package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/// A consumer's interface without what the simulation does without: patterns, a search by time, and
/// metrics.
interface ByNameConsumer extends Consumer<byte[], byte[]> {

  @Override
  default void subscribe(Pattern pattern, ConsumerRebalanceListener callback) {
    throw noPatterns();
  }

  @Override
  default void subscribe(Pattern pattern) {
    throw noPatterns();
  }

  @Override
  default void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener callback) {
    throw noPatterns();
  }

  @Override
  default void subscribe(SubscriptionPattern pattern) {
    throw noPatterns();
  }

  private static UnsupportedOperationException noPatterns() {
    return new UnsupportedOperationException(
        "a simulated consumer subscribes to topics by name only");
  }

  @Override
  default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestampsToSearch) {
    throw new UnsupportedOperationException("simulated brokers do not search by time");
  }

  @Override
  default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timestampsToSearch, Duration timeout) {
    throw new UnsupportedOperationException("simulated brokers do not search by time");
  }

  @Override
  default Map<MetricName, ? extends Metric> metrics() {
    return Map.of();
  }

  @Override
  default void registerMetricForSubscription(KafkaMetric metric) {
    throw new UnsupportedOperationException("a simulated consumer has no metrics");
  }

  @Override
  default void unregisterMetricFromSubscription(KafkaMetric metric) {
    throw new UnsupportedOperationException("a simulated consumer has no metrics");
  }

  @Override
  default Uuid clientInstanceId(Duration timeout) {
    throw new UnsupportedOperationException("a simulated consumer has no telemetry");
  }

  @Override
  default OptionalLong currentLag(TopicPartition topicPartition) {
    return OptionalLong.empty();
  }
}
