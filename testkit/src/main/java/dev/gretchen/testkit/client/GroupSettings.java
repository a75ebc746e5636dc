package dev.gretchen.testkit.client;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/// A consumer's part in a group, as it is configured.
///
/// @param clientId begins the id of a dynamic member
/// @param instance null for a dynamic member
/// @param topicsMaxAge after which a leader asks again for the topics that it has shared out
/// @param pollInterval the longest between two polls, which is also how long a rebalance may take
record GroupSettings(
    String group,
    String clientId,
    @Nullable String instance,
    Duration session,
    Duration heartbeat,
    Duration pollInterval,
    Duration topicsMaxAge,
    Duration requestTimeout) {

  static GroupSettings of(String group, ClientConfig config, Duration requestTimeout) {
    return new GroupSettings(
        group,
        config.text(ConsumerConfig.CLIENT_ID_CONFIG, "consumer-" + group),
        config.text(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        config.millis(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 45_000),
        config.millis(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000),
        config.millis(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000),
        config.millis(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 300_000),
        requestTimeout);
  }
}
