package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// What one side of the recovery benchmark is put through: fills a changelog, restores it to an
/// empty disk, is killed under load and started again on its disk.
///
/// Both engines are watched from outside in the same way: a worker restores from the moment at
/// which its restoring consumer has not yet handed over a record, by that consumer's own metrics,
/// until it is ready. The clock of a restart runs from just before the process is started to the
/// first record that a read-committed reader sees behind what the killed process had left.
final class RecoveryTrial implements AutoCloseable {

  private static final Duration READY_BOUND = Duration.ofMinutes(15);
  private static final Duration STOP_BOUND = Duration.ofSeconds(60);
  private static final Duration REST_BOUND = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(20);

  /// To look costs the worker CPU: not often while it has long to go.
  private static final Duration GLANCE = Duration.ofMillis(200);

  /// A worker that takes less than a tenth of a core for so long is at rest.
  private static final Duration REST = Duration.ofSeconds(1);

  private static final double REST_CORES = 0.1;

  /// Without progress for so long a worker is stuck.
  private static final Duration STALLED = Duration.ofSeconds(90);

  /// How the two name the clients that restore.
  private static final List<String> RESTORING = List.of("-recovery", "-restore-consumer");

  private final RecoveryOptions options;
  private final Processes processes;
  private final Brokers brokers;
  private final List<Child> brokerProcesses;
  private final ClusterState cluster;
  private final KeyFeed feed;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// What it took to fill an empty disk.
  record Restored(
      long records,
      long bytes,
      double seconds,
      double cpuSeconds,
      double afterCpuSeconds,
      double brokerCpuSeconds,
      long stateBytes) {}

  /// What came of a start on the disk of a killed process.
  record Restarted(long firstMillis, long readyMillis, long readAgain) {}

  /// There is no number: the side does not get where it must.
  static final class NoRecovery extends Exception {
    private static final long serialVersionUID = 1L;

    NoRecovery(String sentence) {
      super(sentence);
    }
  }

  RecoveryTrial(
      RecoveryOptions options,
      Processes processes,
      Brokers brokers,
      List<Child> brokerProcesses,
      ClusterState cluster,
      KeyFeed feed) {
    this.options = options;
    this.processes = processes;
    this.brokers = brokers;
    this.brokerProcesses = brokerProcesses;
    this.cluster = cluster;
    this.feed = feed;
  }

  /// Works off what is in the input, on an empty disk, and stops in good order.
  void fill(Side side) throws InterruptedException, NoRecovery {
    remove(side);
    Child worker = start(side, "fill", List.of(), freePort());
    try {
      awaitWorkedOff(side, worker);
    } finally {
      stop(worker);
    }
  }

  /// Has a worker of a side leave a start-up cache, on the disk that there is.
  void train(Side side) throws InterruptedException, NoRecovery {
    int port = freePort();
    Child worker = start(side, "train", List.of("-XX:AOTCacheOutput=" + startUpCache(side)), port);
    try {
      awaitReady(worker, port);
    } finally {
      stop(worker);
    }
  }

  /// One round: restores to an empty disk, works under load, is killed, comes back, works it off.
  RecoveryLine round(Side side, int round) throws InterruptedException {
    remove(side);
    int port = freePort();
    int agent = freePort();
    Child worker = start(side, "restore-" + round, Gauges.options(agent), port);
    try {
      Restored restored;
      try (Gauges gauges = Gauges.connect(worker, agent, brokerProcesses)) {
        restored = restore(side, worker, port, gauges);
      }
      feed.start(options.rate());
      awaitWorking(side, worker);
      worker.kill();
      try (KafkaConsumer<byte[], byte[]> outputs = behindOutputs()) {
        int next = freePort();
        long at = System.nanoTime();
        worker =
            start(side, "restart-" + round, List.of("-XX:AOTCache=" + startUpCache(side)), next);
        Restarted restarted = restarted(worker, next, outputs, at);
        feed.stop();
        awaitWorkedOff(side, worker);
        return RecoveryLine.of(side, round, restored, restarted);
      }
    } catch (NoRecovery none) {
      return RecoveryLine.without(side, round, String.valueOf(none.getMessage()));
    } finally {
      feed.stop();
      stop(worker);
    }
  }

  /// One more event for each key, on the disk that was killed and recovered last.
  void visitAll(Side side) throws InterruptedException, NoRecovery {
    Child worker = start(side, "visit", List.of(), freePort());
    try {
      feed.send(options.keys());
      awaitWorkedOff(side, worker);
    } finally {
      stop(worker);
    }
  }

  private Restored restore(Side side, Child worker, int port, Gauges gauges)
      throws InterruptedException, NoRecovery {
    long deadline = System.nanoTime() + READY_BOUND.toNanos();
    Gauges.Reading from = gauges.read();
    while (gauges.consumed(RESTORING).records() == 0 && System.nanoTime() < deadline) {
      from = gauges.read();
      requireAlive(worker);
      Thread.sleep(POLL);
    }
    while (true) {
      Gauges.Reading to = gauges.read();
      Gauges.Consumed consumed = gauges.consumed(RESTORING);
      // a worker that has not been given all of its partitions yet may be ready for a moment
      if (consumed.records() >= options.keys() && isReady(port)) {
        long atRest = cpuAtRest(gauges, to);
        return new Restored(
            consumed.records(),
            consumed.bytes(),
            (to.nanoTime() - from.nanoTime()) / 1e9,
            (to.cpuNanos() - from.cpuNanos()) / 1e9,
            (atRest - to.cpuNanos()) / 1e9,
            (to.brokerCpuNanos() - from.brokerCpuNanos()) / 1e9,
            sizeOf(state(side)));
      }
      requireAlive(worker);
      if (System.nanoTime() > deadline) {
        throw new NoRecovery(
            "not ready after %d minutes, with %,d records of %,d keys"
                .formatted(READY_BOUND.toMinutes(), consumed.records(), options.keys()));
      }
      Thread.sleep(consumed.records() < options.keys() ? GLANCE : POLL);
    }
  }

  /// The CPU time at which the worker came to rest.
  private static long cpuAtRest(Gauges gauges, Gauges.Reading ready) throws InterruptedException {
    Gauges.Reading before = ready;
    long deadline = System.nanoTime() + REST_BOUND.toNanos();
    while (System.nanoTime() < deadline) {
      Thread.sleep(REST);
      Gauges.Reading now = gauges.read();
      double cores =
          (double) (now.cpuNanos() - before.cpuNanos()) / (now.nanoTime() - before.nanoTime());
      if (cores < REST_CORES) {
        break;
      }
      before = now;
    }
    return before.cpuNanos();
  }

  private Restarted restarted(
      Child worker, int port, KafkaConsumer<byte[], byte[]> outputs, long at)
      throws InterruptedException, NoRecovery {
    long deadline = at + READY_BOUND.toNanos();
    while (outputs.poll(POLL).isEmpty()) {
      requireAlive(worker);
      if (System.nanoTime() > deadline) {
        throw new NoRecovery("no output " + READY_BOUND.toMinutes() + " minutes after the restart");
      }
    }
    long first = (System.nanoTime() - at) / 1_000_000;
    awaitReady(worker, port);
    long ready = (System.nanoTime() - at) / 1_000_000;
    try (Gauges gauges = Gauges.attach(worker, brokerProcesses)) {
      return new Restarted(first, Math.max(first, ready), gauges.consumed(RESTORING).records());
    }
  }

  /// A reader that stands behind all that the last process has written.
  private KafkaConsumer<byte[], byte[]> behindOutputs() throws InterruptedException {
    Map<String, Object> client = new HashMap<>(brokers.clientProperties());
    client.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    client.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    client.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
    Map<TopicPartition, Long> ends = cluster.ends(Stage.COUNT.outputs().getFirst());
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client);
    consumer.assign(ends.keySet());
    ends.forEach(consumer::seek);
    return consumer;
  }

  /// Until it has handled what a few seconds of load bring.
  private void awaitWorking(Side side, Child worker) throws InterruptedException, NoRecovery {
    long from = committed(side);
    long enough = from + (long) options.rate() * (options.quick() ? 5 : 10);
    for (long until = System.nanoTime() + STALLED.toNanos(); committed(side) < enough; ) {
      requireAlive(worker);
      if (System.nanoTime() > until) {
        throw new NoRecovery("it does not work off the load after its recovery");
      }
      Thread.sleep(POLL);
    }
  }

  private void awaitWorkedOff(Side side, Child worker) throws InterruptedException, NoRecovery {
    long all = cluster.ends(Stage.COUNT.input()).values().stream().mapToLong(Long::longValue).sum();
    long done = -1;
    for (long since = System.nanoTime(); done < all; Thread.sleep(POLL)) {
      long now = committed(side);
      if (now > done) {
        done = now;
        since = System.nanoTime();
      }
      requireAlive(worker);
      if (System.nanoTime() - since > STALLED.toNanos()) {
        throw new NoRecovery(
            "no commit for %d s at %,d of %,d events; the worker's log ends with%n%s"
                .formatted(STALLED.toSeconds(), done, all, worker.logTail(10)));
      }
    }
  }

  private long committed(Side side) throws InterruptedException {
    return cluster.committed(side.group(Stage.COUNT)).entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(Stage.COUNT.input()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  private void awaitReady(Child worker, int port) throws InterruptedException, NoRecovery {
    for (long until = System.nanoTime() + READY_BOUND.toNanos(); !isReady(port); ) {
      requireAlive(worker);
      if (System.nanoTime() > until) {
        throw new NoRecovery("not ready after " + READY_BOUND.toMinutes() + " minutes");
      }
      Thread.sleep(POLL);
    }
  }

  private static void requireAlive(Child worker) throws NoRecovery {
    if (!worker.isAlive()) {
      throw new NoRecovery("the worker has ended; its log ends with\n" + worker.logTail(10));
    }
  }

  private boolean isReady(int port) throws InterruptedException {
    try {
      URI address = URI.create("http://127.0.0.1:" + port + "/readyz");
      return http.send(
                  HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(2)).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Child start(Side side, String what, List<String> jvm, int port) {
    String name = side.word() + "-" + what;
    List<String> command =
        new ArrayList<>(
            side.command(
                options.homes().of(side),
                new Workload(Stage.COUNT, options.keys(), options.keys()),
                brokers.bootstrap(),
                state(side),
                jvm));
    command.add("--http-port=" + port);
    return processes.start(
        new Launch(name, command, Map.of(), options.out().resolve("logs").resolve(name + ".log")));
  }

  private static void stop(Child worker) throws InterruptedException {
    if (worker.isAlive() && worker.terminate(STOP_BOUND).isEmpty()) {
      worker.kill();
    }
  }

  /// Sides that are one app to Kafka have one disk too: they follow each other.
  private Path state(Side side) {
    return processes.scratch().resolve("state-" + side.group(Stage.COUNT));
  }

  private Path startUpCache(Side side) {
    return processes.scratch().resolve(side.word() + ".aot");
  }

  private void remove(Side side) {
    try {
      Folders.delete(state(side));
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot remove " + state(side), cause);
    }
  }

  private static long sizeOf(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.toList()) {
        // a compaction may just have removed it
        bytes += file.toFile().isFile() ? file.toFile().length() : 0;
      }
      return bytes;
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot read " + folder, cause);
    }
  }

  private static int freePort() {
    try {
      return Ports.free(1).getFirst();
    } catch (IOException cause) {
      throw new EnvironmentFailure("no port is free on 127.0.0.1: " + cause, cause);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
