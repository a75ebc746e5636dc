package dev.gretchen.engine.internal.commit;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// How an attempt to make an epoch visible ended.
public sealed interface WriteOutcome {

  /// It is visible.
  ///
  /// @param changelogPositions for each changelog partition that got records: the last one's offset
  ///   + 1
  record Committed(Map<TopicPartition, Long> changelogPositions) implements WriteOutcome {}

  /// Aborted because the group has moved on: to be sent again under metadata that a later callback
  /// confirms.
  record Refused(String reason) implements WriteOutcome {}

  /// Aborted for a passing reason; to be sent again.
  record Aborted(String reason) implements WriteOutcome {}

  /// Aborted because the brokers refuse one record for what it is.
  ///
  /// @param input where the event that made it came from
  /// @param offset of that event
  record Rejected(TopicPartition input, long offset, String reason) implements WriteOutcome {}

  /// Visible or not: nobody knows. The producer must begin anew, which settles it, and the tasks
  /// with it.
  record Unknown(String reason) implements WriteOutcome {}
}
