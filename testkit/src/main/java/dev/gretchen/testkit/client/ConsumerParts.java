package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/// What a consumer is made of, wired by its configuration.
///
/// @param group null for a consumer without one
record ConsumerParts(
    Connection connection,
    Backoff backoff,
    Duration retryBackoff,
    Duration requestTimeout,
    Duration apiTimeout,
    boolean committed,
    TopicCache topics,
    Subscriptions subscriptions,
    Fetcher fetcher,
    @Nullable Group group) {

  /// The parts that only a member of a group, or one who commits to it, has.
  record Group(Rebalances rebalances, Membership membership, GroupOffsets offsets) {}

  static ConsumerParts of(Connection connection, ClientConfig config) {
    Backoff backoff = Backoff.of(config, connection.scheduler().random());
    Duration request = config.millis(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000);
    boolean committed =
        config
            .text(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted")
            .toLowerCase(Locale.ROOT)
            .equals("read_committed");
    TopicCache topics = new TopicCache(connection, request, backoff);
    Subscriptions subscriptions = new Subscriptions(reset(config));
    Fetcher fetcher =
        new Fetcher(
            connection,
            subscriptions,
            backoff,
            new Fetcher.Settings(
                request,
                committed,
                config.number(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500),
                config.number(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500)));
    return new ConsumerParts(
        connection,
        backoff,
        config.millis(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 100),
        request,
        config.millis(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 60_000),
        committed,
        topics,
        subscriptions,
        fetcher,
        group(connection, config, request, backoff, topics, subscriptions));
  }

  private static Subscriptions.Reset reset(ClientConfig config) {
    String value = config.text(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "earliest" -> Subscriptions.Reset.EARLIEST;
      case "latest" -> Subscriptions.Reset.LATEST;
      case "none" -> Subscriptions.Reset.NONE;
      default ->
          throw new UnsupportedOperationException(
              "a simulated consumer does not know auto.offset.reset=" + value);
    };
  }

  private static @Nullable Group group(
      Connection connection,
      ClientConfig config,
      Duration request,
      Backoff backoff,
      TopicCache topics,
      Subscriptions subscriptions) {
    String name = config.text(ConsumerConfig.GROUP_ID_CONFIG);
    if (name == null) {
      return null;
    }
    if (config.flag(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true)) {
      throw new UnsupportedOperationException(
          "a simulated consumer does not commit by itself; set enable.auto.commit=false");
    }
    if (!config.text(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic").equalsIgnoreCase("classic")) {
      throw new UnsupportedOperationException(
          "a simulated consumer speaks the classic group protocol only");
    }
    GroupSettings settings = GroupSettings.of(name, config, request);
    Lane lane = new Lane(connection);
    Rebalances rebalances = new Rebalances(settings, subscriptions, config);
    MembershipState state = new MembershipState(connection, settings);
    return new Group(
        rebalances,
        new Membership(connection, lane, state, rebalances, topics, backoff),
        new GroupOffsets(connection, lane, subscriptions, state, backoff));
  }
}
