package dev.gretchen.chaos.nemesis;

import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// What a worker says that cannot go on because events are gone: one line that names their
/// partition, as a word of its own, and says that they were deleted or that its offset is out of
/// range. A line that only names the partition, as the log of any worker has many, is none.
final class Refusal {
  private static final Pattern GONE =
      Pattern.compile(
          "\\b(deleted|truncated|out[ _]of[ _]range|outside the log|no longer there)\\b",
          Pattern.CASE_INSENSITIVE);

  private Refusal() {}

  /// Whether one of a log's lines is a refusal to go on with a partition.
  static boolean isIn(String log, TopicPartition partition) {
    Pattern named =
        Pattern.compile("(?<![A-Za-z0-9._-])" + Pattern.quote(partition.toString()) + "(?![0-9])");
    return log.lines().anyMatch(line -> named.matcher(line).find() && GONE.matcher(line).find());
  }
}
