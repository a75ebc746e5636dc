package dev.gretchen.engine.internal.recovery;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// How the recovery's clients are set up.
///
/// @param tombstonesKept `delete.retention.ms` of the changelogs
public record RecoverySettings(
    Map<String, Object> consumer, Map<String, Object> admin, Duration tombstonesKept) {

  private static final int RECORDS_PER_POLL = 10_000;
  private static final int FETCH_BYTES = 4 << 20;

  /// For the recovery.
  public static RecoverySettings standard(String clientIdPrefix, Duration tombstonesKept) {
    return of(clientIdPrefix + "-recovery", tombstonesKept);
  }

  /// For the standbys.
  public static RecoverySettings ofStandbys(String clientIdPrefix, Duration tombstonesKept) {
    return of(clientIdPrefix + "-standby", tombstonesKept);
  }

  /// Of the consumer that copies the topics of global tables.
  public static Map<String, Object> consumerOfGlobals(String clientIdPrefix) {
    return of(clientIdPrefix + "-global", Duration.ZERO).consumer();
  }

  private static RecoverySettings of(String clientId, Duration tombstonesKept) {
    return new RecoverySettings(
        Map.of(
            ConsumerConfig.CLIENT_ID_CONFIG,
            clientId,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            RECORDS_PER_POLL,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            FETCH_BYTES,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            100,
            ConsumerConfig.RETRY_BACKOFF_MS_CONFIG,
            10),
        Map.of(
            AdminClientConfig.CLIENT_ID_CONFIG, clientId + "-admin",
            AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 10,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 4_500),
        tombstonesKept);
  }
}
