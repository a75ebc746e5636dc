package dev.gretchen.testkit.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A topic: what is told of it, the logs of its partitions, and what it takes and keeps by its
/// configuration.
///
/// @param logs one for each partition, by number
record Topic(Reply.Topic description, List<Log> logs) {

  /// The largest batch that a topic takes, unless it says otherwise.
  private static final int MESSAGE_BYTES_MAX = 1_048_588;

  private static final Duration TIMESTAMP_AHEAD_MAX = Duration.ofHours(1);
  private static final Duration TOMBSTONES_KEPT = Duration.ofDays(1);

  /// The log of a partition, null if there is none of this number.
  @Nullable Log log(int partition) {
    return partition >= logs.size() ? null : logs.get(partition);
  }

  boolean isCompacted() {
    return setting(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
        .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
  }

  private int messageBytesMax() {
    return Integer.parseInt(
        setting(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MESSAGE_BYTES_MAX)));
  }

  private long tombstonesKeptMillis() {
    return Long.parseLong(
        setting(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(TOMBSTONES_KEPT.toMillis())));
  }

  private String setting(String name, String otherwise) {
    return description.configuration().getOrDefault(name, otherwise);
  }

  /// What is wrong with a batch, and with which of its records; null if nothing is.
  ///
  /// @param wallMillis the broker's clock, ahead of which no record may be by far
  Reply.@Nullable Produced refusal(List<Message> messages, long wallMillis) {
    long latest = wallMillis + TIMESTAMP_AHEAD_MAX.toMillis();
    List<Integer> invalid = new ArrayList<>();
    Errors error = Errors.INVALID_RECORD;
    long bytes = 0;
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      bytes += message.size();
      if (message.timestamp() > latest) {
        error = Errors.INVALID_TIMESTAMP;
        invalid.add(i);
      } else if (message.key() == null && isCompacted()) {
        invalid.add(i);
      }
    }
    if (bytes > messageBytesMax()) {
      return new Reply.Produced(Errors.MESSAGE_TOO_LARGE, -1);
    }
    return invalid.isEmpty() ? null : new Reply.Produced(error, -1, invalid);
  }

  /// Runs compaction over all partitions.
  ///
  /// @param untouched how many of each partition's newest offsets are left alone
  void compact(long untouched, long nowNanos) {
    long kept = tombstonesKeptMillis() * 1_000_000L;
    logs.forEach(log -> log.compact(untouched, kept, nowNanos));
  }
}
