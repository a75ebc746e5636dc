package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.assign.AssignorContext;
import dev.gretchen.engine.internal.assign.GroupAssignor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// How the group's consumer is set up, and the bounds of the polling loop.
///
/// @param pollBound how long one poll may wait for records
/// @param commitBound how long a revocation waits for the commit of what is complete; well below
///   `max.poll.interval.ms`
public record MemberSettings(
    Map<String, Object> consumer, Duration pollBound, Duration commitBound) {

  private static final int RECORDS_PER_POLL = 2_000;
  private static final int FETCH_BYTES = 2 << 20;

  /// A consumer has one fetch under way with a broker. Asked for partitions that have nothing, it
  /// stays there for so long, and a busy partition whose records are used up meanwhile waits behind
  /// it: with Kafka's 500 ms, one hot partition among idle ones gets two fetches a second.
  private static final int FETCH_WAIT_MILLIS = 50;

  /// @param context for the assignor
  public static MemberSettings standard(String group, String clientId, AssignorContext context) {
    Map<String, Object> consumer = new HashMap<>();
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    // slot and incarnation: a member that is left behind can be told from this one, and removed
    consumer.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, clientId);
    consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // where to start is decided by the recovery, never by a default
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, GroupAssignor.class.getName());
    consumer.put(AssignorContext.CONFIG, context);
    consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    // whoever is not told of a rebalance by its peers hears of it with the next heartbeat
    consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 100);
    consumer.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 10_000);
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL);
    consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    consumer.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    return new MemberSettings(consumer, Duration.ofMillis(50), Duration.ofSeconds(4));
  }
}
