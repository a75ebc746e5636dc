package dev.gretchen.chaos.nemesis;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Those who read along what the app writes and will judge it: what they have not read yet must not
/// be deleted. Called from the nemesis's thread.
@FunctionalInterface
public interface Onlookers {

  /// Waits until they have read up to these offsets.
  ///
  /// @return whether they have, in time
  boolean awaitRead(Map<TopicPartition, Long> ends, Duration timeout) throws InterruptedException;
}
