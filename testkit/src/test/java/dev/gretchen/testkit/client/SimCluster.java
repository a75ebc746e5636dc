package dev.gretchen.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.testkit.sim.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Brokers, a network that a test can disturb, and fibers to call clients from.
final class SimCluster implements AutoCloseable {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long LATENCY_NANOS = 300_000;

  final Scheduler scheduler;
  final SimKafka kafka;
  final Network network;

  /// All requests, in the order in which they were sent.
  final List<Request<?>> requests = new ArrayList<>();

  private final List<Function<Request<?>, @Nullable Fate>> disturbances = new ArrayList<>();

  SimCluster(long seed) {
    scheduler = new Scheduler(seed, new Trace(50));
    kafka =
        new SimKafka(
            scheduler,
            () -> SimSurroundings.BEGINNING.toEpochMilli() + scheduler.now() / 1_000_000,
            () -> 500_000 + scheduler.random().nextLong(2_000_000));
    network = new Network(scheduler, kafka, (_, request) -> fate(request));
  }

  private Fate fate(Request<?> request) {
    requests.add(request);
    for (Function<Request<?>, @Nullable Fate> disturbance : disturbances) {
      Fate fate = disturbance.apply(request);
      if (fate != null) {
        return fate;
      }
    }
    return new Fate.Delivered(latency(), latency());
  }

  private long latency() {
    return LATENCY_NANOS / 2 + scheduler.random().nextLong(LATENCY_NANOS);
  }

  /// Has each request go where the function says; null for its usual way.
  void disturb(Function<Request<?>, @Nullable Fate> disturbance) {
    disturbances.add(disturbance);
  }

  /// Loses the reply of the next requests of a kind.
  void loseReplies(Class<?> kind, int times) {
    int[] left = {times};
    disturb(request ->
        kind.isInstance(request) && left[0]-- > 0
            ? new Fate.ReplyLost(latency(), LATENCY_NANOS)
            : null);
  }

  /// Refuses the next requests of a kind.
  void refuse(Class<?> kind, Errors error, int times) {
    int[] left = {times};
    disturb(request ->
        kind.isInstance(request) && left[0]-- > 0 ? new Fate.Refused(LATENCY_NANOS, error) : null);
  }

  /// Loses requests of a kind from now on, for a time.
  void cutOff(Class<?> kind, Duration length) {
    long end = scheduler.now() + length.toNanos();
    disturb(request ->
        kind.isInstance(request) && scheduler.now() < end
            ? new Fate.RequestLost(LATENCY_NANOS)
            : null);
  }

  <R extends Request<?>> List<R> requests(Class<R> kind) {
    return requests.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void topic(String name, int partitions) {
    kafka.create(name, partitions, Map.of());
  }

  SimProcess process(String name) {
    return scheduler.process(name);
  }

  /// Runs code in a fiber of a process, lets time pass until it has ended, and throws what it
  /// threw.
  <T> T in(SimProcess process, Callable<T> body) throws Exception {
    List<T> result = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    boolean[] ended = {false};
    scheduler.start(
        process,
        "test",
        () -> {
          try {
            result.add(body.call());
          } catch (Exception failure) {
            thrown.add(failure);
          }
        },
        failure -> {
          ended[0] = true;
          if (failure != null) {
            thrown.add(failure);
          }
        });
    assertThat(scheduler.run(() -> ended[0], LONG)).as("ends").isTrue();
    if (!thrown.isEmpty()) {
      if (thrown.getFirst() instanceof Exception exception) {
        throw exception;
      }
      throw new AssertionError(thrown.getFirst());
    }
    return result.getFirst();
  }

  void run(SimProcess process, Action body) throws Exception {
    in(
        process,
        () -> {
          body.run();
          return true;
        });
  }

  /// Starts code in a fiber that may go on; what it throws is kept.
  List<Throwable> start(SimProcess process, Action body) {
    List<Throwable> thrown = new ArrayList<>();
    scheduler.start(
        process,
        "test",
        () -> {
          try {
            body.run();
          } catch (Exception failure) {
            thrown.add(failure);
          }
        },
        failure -> {
          if (failure != null) {
            thrown.add(failure);
          }
        });
    return thrown;
  }

  interface Action {
    void run() throws Exception;
  }

  void pass(Duration time) {
    scheduler.run(() -> false, time);
  }

  Producer<byte[], byte[]> producer(SimProcess process, Map<String, Object> more) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    configuration.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000);
    configuration.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
    configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
    configuration.putAll(more);
    return new SimClients(network, process).producer(configuration);
  }

  Producer<byte[], byte[]> transactional(SimProcess process, String id) {
    return producer(process, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
  }

  Consumer<byte[], byte[]> consumer(SimProcess process, Map<String, Object> more) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    configuration.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    configuration.putAll(more);
    return new SimClients(network, process).consumer(configuration);
  }

  Consumer<byte[], byte[]> member(SimProcess process, Map<String, Object> more) {
    Map<String, Object> configuration = new HashMap<>();
    configuration.put(ConsumerConfig.GROUP_ID_CONFIG, "group");
    configuration.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    configuration.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    configuration.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    configuration.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 10_000);
    configuration.putAll(more);
    return consumer(process, configuration);
  }

  Admin admin(SimProcess process) {
    return new SimClients(network, process).admin(Map.of());
  }

  static ProducerRecord<byte[], byte[]> record(String topic, int partition, String value) {
    return new ProducerRecord<>(topic, partition, bytes(value), bytes(value));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  /// The values that readers of committed records see.
  List<String> committed(String topic, int partition) {
    return kafka.committed(new TopicPartition(topic, partition)).stream()
        .map(record -> text(record.message().value()))
        .toList();
  }

  static Set<TopicPartition> partitions(String topic, int... numbers) {
    Set<TopicPartition> partitions = new java.util.LinkedHashSet<>();
    for (int number : numbers) {
      partitions.add(new TopicPartition(topic, number));
    }
    return partitions;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
