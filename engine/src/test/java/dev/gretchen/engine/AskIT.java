package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Questions to agents on a real broker, with two workers.
class AskIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);

  @TempDir private Path directory = Path.of("");

  @Test
  void answersComeBackToWhoeverHasAskedWhoeverHandlesTheQuestion() throws Exception {
    KAFKA.createTopic("asking-in", 4);
    Asking one = new Asking();
    Asking other = new Asking();
    try (Worker first = start(one.app, "w1")) {
      assertThat(first.ask(one.doubling, "k", 21L, BOUND)).contains(42L);
      assertThat(first.ask(one.doubling, "k", 0L, BOUND)).as("nothing to say").isEmpty();
      try (Worker second = start(other.app, "w2")) {
        for (int round = 0; round < 5; round++) {
          assertThat(first.askAll(one.doubling, questions(round), BOUND)).isEqualTo(doubled(round));
          assertThat(second.askAll(other.doubling, questions(round), BOUND))
              .isEqualTo(doubled(round));
        }
      }
      // the second worker's partitions are coming back meanwhile
      assertThat(first.askAll(one.doubling, questions(7), BOUND)).isEqualTo(doubled(7));

      assertThatThrownBy(() -> first.ask(one.doubling, "k", -1L, BOUND))
          .isInstanceOf(NoAnswer.class)
          .hasMessageContaining("agent double has failed at the question")
          .hasMessageContaining("cannot double -1");
      assertThatThrownBy(() -> first.ask(Asking.named("elsewhere").doubling, "k", 1L, BOUND))
          .hasMessageContaining("does not answer in this app");
    }
    assertThat(KAFKA.committed("asking-dead-letters")).hasSize(1);
  }

  @Test
  void handlersThatAskHaveTheirAnswersWhileWorkersComeAndGo() throws Exception {
    KAFKA.createTopic("relay-questions", 4);
    KAFKA.createTopic("relay-in", 4);
    KAFKA.createTopic("relay-out", 4);
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (long i = 1; i <= 400; i++) {
      events.add(
          new ProducerRecord<>(
              "relay-in", Codecs.utf8().encode("k" + i), Codecs.int64().encode(i)));
    }
    try (Worker first = start(relay(), "r1")) {
      KAFKA.send(events.subList(0, 200));
      try (Worker second = start(relay(), "r2")) {
        KAFKA.send(events.subList(200, 400));
        assertThat(second.awaitFailure(Duration.ofMillis(1))).isNull();
        await()
            .atMost(BOUND)
            .untilAsserted(
                () -> assertThat(KAFKA.committed("relay-out")).hasSizeGreaterThanOrEqualTo(50));
      }
      await()
          .atMost(BOUND)
          .untilAsserted(
              () -> assertThat(KAFKA.committed("relay-out")).hasSizeGreaterThanOrEqualTo(400));
      assertThat(first.awaitFailure(Duration.ofMillis(1))).isNull();
    }
    assertThat(KAFKA.committed("relay-out"))
        .as("each event once, whoever handled it, however often it has asked")
        .hasSize(400)
        .allSatisfy(record ->
            assertThat(Codecs.int64().decode(record.value()))
                .isEqualTo(2 * Long.parseLong(Codecs.utf8().decode(record.key()).substring(1))));
    assertThat(KAFKA.committed("relay-dead-letters")).isEmpty();
  }

  /// An agent that asks another for each of its events.
  private static App relay() {
    App app = App.named("relay");
    Topic<String, Long> in = app.topic("relay-in", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> out = app.topic("relay-out", Codecs.utf8(), Codecs.int64());
    Answering<String, Long, Long> doubling =
        app.answering(
            "double",
            app.topic("relay-questions", Codecs.utf8(), Codecs.int64()),
            Codecs.int64(),
            question -> 2 * question.value());
    doubling.agent().concurrency(16);
    app.agent(
            "relay",
            in,
            event ->
                out.send(
                    event.key(),
                    doubling.ask(event.key(), event.value(), Duration.ofSeconds(10)).orElseThrow()))
        .concurrency(16);
    return app;
  }

  @Test
  void aReplyTopicOfTooFewPartitionsIsRefusedAtTheStart() throws Exception {
    KAFKA.createTopic("asking-in-few", 1);
    KAFKA.createTopic("few-replies", 3);
    assertThatThrownBy(() -> start(Asking.named("few").app, "w1"))
        .hasMessageContaining("topic few-replies")
        .hasMessageContaining("has 3 partitions and must have at least 8")
        .hasMessageContaining("delete it");
  }

  @Test
  void aHandlerThatAsksByItsWorkerIsToldWhatToAskBy() throws Exception {
    KAFKA.createTopic("asking-in-inside", 1);
    KAFKA.createTopic("inside-orders", 1);
    Asking inside = Asking.named("inside");
    CompletableFuture<Worker> running = new CompletableFuture<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    inside.app.agent(
        "ask",
        inside.app.topic("inside-orders", Codecs.utf8(), Codecs.int64()),
        _ -> {
          try {
            running.join().ask(inside.doubling, "k", 1L, BOUND);
          } catch (IllegalStateException refused) {
            thrown.set(refused);
          }
        });
    try (Worker worker = start(inside.app, "w1")) {
      running.complete(worker);
      KAFKA.send(
          new ProducerRecord<>(
              "inside-orders", Codecs.utf8().encode("k"), Codecs.int64().encode(1L)));
      await().atMost(BOUND).until(() -> thrown.get() != null);
    }
    assertThat(thrown.get()).hasMessageContaining("in a handler ask by Answering.ask");
    assertThatThrownBy(() -> running.join().ask(inside.doubling, "k", 1L, BOUND))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("this worker stops");
  }

  private static List<Map.Entry<String, Long>> questions(int round) {
    List<Map.Entry<String, Long>> questions = new ArrayList<>();
    for (long i = 1; i <= 50; i++) {
      questions.add(Map.entry("k" + i, i + round * 100L));
    }
    return questions;
  }

  private static List<Optional<Long>> doubled(int round) {
    return questions(round).stream().map(question -> Optional.of(2 * question.getValue())).toList();
  }

  /// Doubles numbers, has nothing to say of zero, and fails for those below.
  private static final class Asking {
    final App app;
    final Answering<String, Long, Long> doubling;

    Asking() {
      this("asking", "asking-in");
    }

    private Asking(String name, String topic) {
      app = App.named(name);
      doubling =
          app.answering(
              "double",
              app.topic(topic, Codecs.utf8(), Codecs.int64()),
              Codecs.int64(),
              question -> doubled(question.value()));
      doubling.agent().onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    }

    /// One of another name, on another topic.
    static Asking named(String name) {
      return new Asking(name, "asking-in-" + name);
    }

    private static @Nullable Long doubled(long number) {
      if (number < 0) {
        throw new IllegalArgumentException("cannot double " + number);
      }
      return number == 0 ? null : 2 * number;
    }
  }

  private Worker start(App app, String worker) {
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(worker)),
            Map.of()));
  }
}
