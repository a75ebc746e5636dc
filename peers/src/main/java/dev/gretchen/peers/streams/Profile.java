package dev.gretchen.peers.streams;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// How Kafka Streams is set up, in one place: what is compared with what.
///
/// Both run `exactly_once_v2` and keep the record cache on. [#DEFAULT] leaves all else as Kafka
/// Streams ships it. [#TUNED] is what its documentation advises for fast takeover (the shortest
/// session time-out that brokers allow, a frequent heartbeat, a standby, static membership so that
/// a restarted worker takes its tasks back at once) and for throughput (a large record cache, a
/// thread for each core).
enum Profile {
  DEFAULT {
    @Override
    Map<String, Object> settings(String worker, Protocol protocol) {
      return Map.of();
    }
  },
  TUNED {
    @Override
    Map<String, Object> settings(String worker, Protocol protocol) {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put(
          StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
          Runtime.getRuntime().maxMemory() / CACHE_PART_OF_HEAP);
      settings.put(
          StreamsConfig.NUM_STREAM_THREADS_CONFIG,
          Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
      switch (protocol) {
        case CLASSIC -> {
          settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, STANDBYS);
          settings.put(
              StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
              (int) SESSION_TIMEOUT.toMillis());
          settings.put(
              StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
              (int) HEARTBEAT.toMillis());
          settings.put(
              StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), worker);
        }
        // here the group says these, not its members: see `groupSettings`
        case STREAMS -> {}
      }
      return settings;
    }

    @Override
    Map<String, String> groupSettings() {
      return Map.of(
          "streams.session.timeout.ms",
          Long.toString(SESSION_TIMEOUT.toMillis()),
          "streams.heartbeat.interval.ms",
          Long.toString(HEARTBEAT.toMillis()),
          "streams.num.standby.replicas",
          Integer.toString(STANDBYS));
    }
  };

  /// How the members of the group agree.
  enum Protocol {
    CLASSIC,
    STREAMS
  }

  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int STANDBYS = 1;
  private static final int THREADS_MAX = 4;
  private static final int CACHE_PART_OF_HEAP = 4;

  /// What it sets beyond what both set.
  abstract Map<String, Object> settings(String worker, Protocol protocol);

  /// What it sets for the group, under [Protocol#STREAMS].
  Map<String, String> groupSettings() {
    return Map.of();
  }

  static Profile parse(String text) {
    return word(values(), "--profile", text);
  }

  static Protocol protocol(String text) {
    return word(Protocol.values(), "--group-protocol", text);
  }

  private static <E extends Enum<E>> E word(E[] all, String option, String text) {
    return Arrays.stream(all)
        .filter(one -> one.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                option
                    + ": expected "
                    + Arrays.stream(all)
                        .map(one -> one.name().toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.joining(" or "))
                    + ", found '"
                    + text
                    + "'"));
  }
}
