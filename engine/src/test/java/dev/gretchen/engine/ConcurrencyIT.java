package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.progress.ProgressFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Concurrent agents on a real broker, whose handlers really block.
class ConcurrencyIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int EVENTS = 2_000;
  private static final int HANGS = 700;

  /// Several times what a worker may hold of a partition.
  private static final int WAITING = 20_000;

  /// A mailbox, and what one poll may bring beyond it.
  private static final int BUFFERED_BELOW = 6_000;

  /// Kafka takes a member out that does not poll for ten seconds.
  private static final Duration LONGER_THAN_A_POLL_MAY_TAKE = Duration.ofSeconds(12);

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir Path directory;

  @Test
  void anEventThatHangsHoldsUpNothingElseAndIsAllThatASuccessorRepeats() throws Exception {
    KAFKA.createTopic("calls", 1);
    KAFKA.createTopic("answers", 1);
    AtomicInteger handled = new AtomicInteger();
    CountDownLatch hangs = new CountDownLatch(1);
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      // a key of its own for the one that hangs
      String key = i == HANGS ? "slow" : "k" + i % 97;
      events.add(new ProducerRecord<>("calls", bytes(key), bytes(Integer.toString(i))));
    }
    KAFKA.send(events);

    try (Worker worker = start(hangs, handled)) {
      await().atMost(BOUND).until(() -> KAFKA.committed("answers").size() == EVENTS - 1);
      await()
          .atMost(BOUND)
          .untilAsserted(() ->
              assertThat(committed())
                  .isEqualTo(new Progress(HANGS, EVENTS, List.of((long) HANGS))));
      assertThat(worker.awaitFailure(Duration.ZERO)).isNull();
    }
    assertThat(handled).hasValue(EVENTS);

    hangs.countDown();
    try (Worker worker = start(hangs, handled)) {
      await().atMost(BOUND).until(() -> KAFKA.committed("answers").size() == EVENTS);
      await().atMost(BOUND).until(() -> !committed().isAhead() && committed().offset() >= EVENTS);
      assertThat(worker.awaitFailure(Duration.ZERO)).isNull();
    }
    assertThat(handled).as("the one that hung is handled again").hasValue(EVENTS + 1);
    assertThat(KAFKA.committed("answers"))
        .extracting(answer -> text(answer.value()))
        .doesNotHaveDuplicates();
    assertThat(KAFKA.latest("calls-app-seen-changelog"))
        .containsEntry("\u0001slow", "1")
        .hasSize(98);
  }

  @Test
  void batchesAreExactlyOnceThoughTheirWorkerStopsUnderOneThatHangs() throws Exception {
    KAFKA.createTopic("bulk", 1);
    KAFKA.createTopic("stored", 1);
    CountDownLatch hangs = new CountDownLatch(1);
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      String key = i == HANGS ? "slow" : "k" + i % 97;
      events.add(new ProducerRecord<>("bulk", bytes(key), bytes(Integer.toString(i))));
    }
    KAFKA.send(events);

    List<Integer> sizes = new CopyOnWriteArrayList<>();
    try (Worker worker = startBulk(hangs, sizes)) {
      // all but the keys of the batch that hangs
      await().atMost(BOUND).until(() -> KAFKA.committed("stored").size() > EVENTS / 2);
      assertThat(worker.awaitFailure(Duration.ZERO)).isNull();
    }
    assertThat(KAFKA.committed("stored")).hasSizeLessThan(EVENTS);
    hangs.countDown();
    try (Worker worker = startBulk(hangs, sizes)) {
      await().atMost(BOUND).until(() -> KAFKA.committed("stored").size() >= EVENTS);
      assertThat(worker.awaitFailure(Duration.ZERO)).isNull();
    }
    assertThat(sizes).anyMatch(size -> size > 1).allMatch(size -> size <= 40);
    assertThat(KAFKA.committed("stored"))
        .extracting(answer -> text(answer.value()))
        .hasSize(EVENTS)
        .doesNotHaveDuplicates();
    Map<String, String> counts = KAFKA.latest("bulk-app-count-changelog");
    assertThat(counts.values().stream().mapToInt(Integer::parseInt).sum()).isEqualTo(EVENTS);
  }

  @Test
  void aServiceThatNeverAnswersCostsNeitherMemoryNorThePlaceInTheGroup() throws Exception {
    KAFKA.createTopic("waits", 1);
    KAFKA.createTopic("ends", 1);
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (int i = 0; i < WAITING; i++) {
      events.add(new ProducerRecord<>("waits", bytes("k" + i % 997), bytes(Integer.toString(i))));
    }
    KAFKA.send(events);
    CountDownLatch answers = new CountDownLatch(1);
    try (Worker worker = startWaiting(answers)) {
      await().atMost(BOUND).until(() -> buffered(worker) > 0);
      await()
          .atMost(BOUND)
          .during(LONGER_THAN_A_POLL_MAY_TAKE)
          .until(() -> buffered(worker) < BUFFERED_BELOW);
      assertThat(worker.awaitFailure(Duration.ZERO)).isNull();
      answers.countDown();
      await().atMost(BOUND).until(() -> KAFKA.committed("ends").size() >= WAITING);
    }
    assertThat(KAFKA.committed("ends"))
        .extracting(end -> text(end.value()))
        .hasSize(WAITING)
        .doesNotHaveDuplicates();
    assertThat(KAFKA.committed("waiting-app-audit"))
        .extracting(told -> JSON.readTree(told.value()).path("event").asString())
        .as("gained once, and given up at the end")
        .containsOnlyOnce("assigned", "revoked")
        .doesNotContain("lost", "reset");
  }

  private Worker startWaiting(CountDownLatch answers) {
    App app = App.named("waiting-app");
    Topic<String, String> waits = app.topic("waits", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> ends = app.topic("ends", Codecs.utf8(), Codecs.utf8());
    app.agent(
            "wait",
            waits,
            call -> {
              if (!answers.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody answers");
              }
              ends.send(call.key(), call.value());
            })
        .concurrency(64);
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(), "--state-dir=" + directory.resolve("waiting")),
            Map.of()));
  }

  /// Events that were fetched and wait.
  private static double buffered(Worker worker) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + worker.httpPort() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("gretchen_buffered_events "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  private Worker startBulk(CountDownLatch hangs, List<Integer> sizes) {
    App app = App.named("bulk-app");
    Topic<String, String> bulk = app.topic("bulk", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> stored = app.topic("stored", Codecs.utf8(), Codecs.utf8());
    Table<String, String> count = app.table("count", Codecs.utf8(), Codecs.utf8(), () -> "0");
    app.agent(
            "store",
            bulk,
            new Take(40, Duration.ofMillis(20)),
            batch -> {
              sizes.add(batch.size());
              if (batch.stream().anyMatch(event -> event.key().equals("slow"))
                  && !hangs.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go");
              }
              batch.forEach(event ->
                  count.merge(
                      event.key(), 1, (n, more) -> Integer.toString(Integer.parseInt(n) + more)));
              return batch.stream().map(Event::value).toList();
            },
            Sink.each(Sink.to(stored, (String value) -> value)))
        .uses(count)
        .concurrency(4);
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of("--bootstrap=" + KAFKA.bootstrap(), "--state-dir=" + directory.resolve("bulk")),
            Map.of()));
  }

  private Worker start(CountDownLatch hangs, AtomicInteger handled) {
    App app = App.named("calls-app");
    Topic<String, String> calls = app.topic("calls", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> answers = app.topic("answers", Codecs.utf8(), Codecs.utf8());
    Table<String, String> seen = app.table("seen", Codecs.utf8(), Codecs.utf8(), () -> "0");
    app.agent(
            "call",
            calls,
            call -> {
              handled.incrementAndGet();
              if (call.key().equals("slow") && !hangs.await(BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let it go");
              }
              seen.merge(
                  call.key(), 1, (count, more) -> Integer.toString(Integer.parseInt(count) + more));
              answers.send(call.key(), call.value());
            })
        .uses(seen)
        .concurrency(32);
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of("--bootstrap=" + KAFKA.bootstrap(), "--state-dir=" + directory), Map.of()));
  }

  private static Progress committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrap()))) {
      OffsetAndMetadata offset =
          requireNonNull(
              admin
                  .listConsumerGroupOffsets("calls-app")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(new TopicPartition("calls", 0)));
      return ProgressFormat.decode(offset.offset(), offset.metadata());
    }
  }
}
