package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.progress.ProgressFormat;
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

/// Concurrent agents on a real broker, whose handlers really block.
class ConcurrencyIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int EVENTS = 2_000;
  private static final int HANGS = 700;

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
