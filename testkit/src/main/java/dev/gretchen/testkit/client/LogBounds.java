package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/// Where the logs of partitions begin and end, as a consumer of its isolation level sees it.
///
/// @param committed whether the end is the last stable offset
record LogBounds(
    Connection connection, Backoff backoff, Duration requestTimeout, boolean committed) {

  /// Asks until the offsets of all partitions are known.
  ///
  /// @param latest the ends, else the beginnings
  /// @throws TimeoutException if the time is over before
  Map<TopicPartition, Long> list(
      Collection<TopicPartition> partitions, boolean latest, Duration timeout) {
    NavigableSet<TopicPartition> wanted = Partitions.sorted(partitions);
    long deadline = connection.now() + timeout.toNanos();
    for (int attempt = 0; ; attempt++) {
      Reply.Offsets reply =
          connection.call(
              new Request.ListOffsets(wanted, latest, committed),
              TopicCache.shorter(requestTimeout, deadline - connection.now()));
      if (reply != null
          && reply.error() == Errors.NONE
          && reply.offsets().keySet().containsAll(wanted)) {
        return new LinkedHashMap<>(reply.offsets());
      }
      long left = deadline - connection.now();
      if (left <= 0) {
        throw new TimeoutException(
            "Failed to get offsets by times in " + timeout.toMillis() + "ms");
      }
      connection.sleep(Math.min(left, backoff.nanos(attempt)));
    }
  }
}
