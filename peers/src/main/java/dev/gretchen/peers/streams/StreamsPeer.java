package dev.gretchen.peers.streams;

import dev.gretchen.peers.worker.Program;
import dev.gretchen.peers.worker.WorkerArguments;
import dev.gretchen.peers.worker.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;

/// A worker of word-colors on Kafka Streams.
///
/// Own options: `--profile=default|tuned` and `--group-protocol=classic|streams`.
public final class StreamsPeer implements WorkerProcess.Running {

  private static final List<String> OWN = List.of("profile", "group-protocol");
  private static final Duration STOP_BOUND = Duration.ofSeconds(20);
  private static final long ADMIN_SECONDS = 20;

  /// As many records as Kafka Streams itself lets a task lack that takes over at once
  /// (`acceptable.recovery.lag`).
  private static final long WARM_RECORDS = 10_000;

  /// The load's event times lie in the past: changelogs of windows must not be deleted for their
  /// age on the wall clock.
  private static final Duration LONG_AGO = Duration.ofDays(3_650);

  private final KafkaStreams streams;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Throwable failure;

  private StreamsPeer(KafkaStreams streams) {
    this.streams = streams;
  }

  public static void main(String[] arguments) {
    WorkerProcess.run(arguments, OWN, StreamsPeer::start);
  }

  private static StreamsPeer start(WorkerArguments arguments) {
    Profile profile = Profile.parse(arguments.own("profile", "default"));
    Profile.Protocol protocol = Profile.protocol(arguments.own("group-protocol", "classic"));
    Properties settings = settings(arguments, profile, protocol);
    if (protocol == Profile.Protocol.STREAMS) {
      tellGroup(arguments.connection(), groupOf(arguments.program()), profile.groupSettings());
    }
    KafkaStreams streams =
        new KafkaStreams(Topologies.of(arguments.program(), arguments.palette()), settings);
    StreamsPeer peer = new StreamsPeer(streams);
    streams.setUncaughtExceptionHandler(cause -> {
      peer.failure = cause;
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    });
    streams.setStateListener((now, _) -> {
      if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
        peer.ended.countDown();
      }
    });
    streams.start();
    return peer;
  }

  /// The application id, which is the group and the prefix of changelogs.
  private static String groupOf(Program program) {
    return switch (program) {
      case WORD_COLORS -> "word-colors-streams";
      case COUNT, COUNT_PUBLISHED -> "count-streams";
    };
  }

  static Properties settings(
      WorkerArguments arguments, Profile profile, Profile.Protocol protocol) {
    Properties settings = new Properties();
    settings.putAll(arguments.connection());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, groupOf(arguments.program()));
    settings.put(StreamsConfig.CLIENT_ID_CONFIG, arguments.worker());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments.stateDirectory().toString());
    settings.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        switch (arguments.guarantee()) {
          case EXACTLY_ONCE -> StreamsConfig.EXACTLY_ONCE_V2;
          case AT_LEAST_ONCE -> StreamsConfig.AT_LEAST_ONCE;
        });
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, arguments.commitInterval().toMillis());
    settings.put(
        StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, LONG_AGO.toMillis());
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    if (protocol == Profile.Protocol.STREAMS) {
      settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.STREAMS.name());
    }
    settings.putAll(profile.settings(arguments.worker(), protocol));
    return settings;
  }

  /// Under the `streams` protocol, session, heartbeat and standbys are settings of the group.
  private static void tellGroup(
      Map<String, String> connection, String group, Map<String, String> settings) {
    List<AlterConfigOp> changes = new ArrayList<>();
    settings.forEach((name, value) ->
        changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    if (changes.isEmpty()) {
      return;
    }
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try (Admin admin = Admin.create(Map.copyOf(connection))) {
      admin
          .incrementalAlterConfigs(Map.of(resource, changes))
          .all()
          .get(ADMIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException cause) {
      throw new KafkaException(
          "the brokers refuse the settings " + settings + " of group " + group, cause);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while the group's settings were sent", cause);
    }
  }

  @Override
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /// A copy counts as running while it lacks no more than [#WARM_RECORDS].
  @Override
  public String standbys() {
    Set<TaskId> kept =
        streams.metadataForLocalThreads().stream()
            .flatMap(thread -> thread.standbyTasks().stream())
            .map(TaskMetadata::taskId)
            .collect(Collectors.toSet());
    StringBuilder json = new StringBuilder("[");
    streams
        .allLocalStorePartitionLags()
        .forEach((store, partitions) ->
            partitions.forEach((partition, lag) -> {
              if (kept.stream().anyMatch(task -> task.partition() == partition)) {
                json.append(json.length() > 1 ? "," : "")
                    .append(entry(store, partition, lag.offsetLag() <= WARM_RECORDS));
              }
            }));
    return json.append("]").toString();
  }

  private static String entry(String store, int partition, boolean warm) {
    return "{\"table\":\"%s\",\"partition\":%d,\"role\":\"standby\",\"state\":\"%s\"}"
        .formatted(store, partition, warm ? "running" : "recovering");
  }

  @Override
  public @Nullable Throwable awaitEnd() throws InterruptedException {
    ended.await();
    if (streams.state() != KafkaStreams.State.ERROR) {
      return null;
    }
    Throwable cause = failure;
    return cause == null ? new IllegalStateException("Kafka Streams is in state ERROR") : cause;
  }

  @Override
  public void stop() {
    streams.close(
        CloseOptions.timeout(STOP_BOUND)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
  }
}
