package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Answering;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Handlers that ask other agents.
class CallsTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(30);

  private final App app = App.named("calls");
  private final Topic<String, Long> orders = app.topic("orders", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> stock = app.topic("stock", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> confirmed =
      app.topic("confirmed", Codecs.utf8(), Codecs.int64());

  @Test
  void whatAHandlerMakesOfAnAnswerCountsOnceWhereverTheWorkerDies() {
    Table<String, Long> taken = app.table("taken", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              taken.merge(question.key(), question.value(), Long::sum);
              return question.value() * 10;
            });
    taking.agent().uses(taken);
    app.agent(
        "order",
        orders,
        order ->
            confirmed.send(order.key(), taking.ask("all", order.value(), SOON).orElseThrow() + 1));

    try (AppTester tester = AppTester.of(app)) {
      for (long i = 0; i < 12; i++) {
        tester.pipe("orders", "k" + i, i).advance(Duration.ofMillis(2 * i)).crashAndRecover();
      }
      List<TestRecord<String, Long>> records = tester.read("confirmed");
      assertThat(records)
          .extracting(TestRecord::key)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.range(0, 12).mapToObj(i -> "k" + i).toList());
      assertThat(records)
          .allSatisfy(record ->
              assertThat(record.value())
                  .isEqualTo(Long.parseLong(record.key().substring(1)) * 10 + 1));
      TestTable<String, Long> counted = tester.table("taken");
      assertThat(counted.get("all").orElseThrow())
          .as("questions are asked at least once")
          .isGreaterThanOrEqualTo(66);
    }
  }

  @Test
  void aQuestionThatIsAskedAnewHasTheKeyOfTheFirstTime() {
    List<String> keys = new ArrayList<>();
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              keys.add(question.idempotencyKey());
              return question.value();
            });
    int[] attempts = {0};
    app.agent(
            "order",
            orders,
            _ -> {
              taking.ask("a", 1L, SOON);
              taking.ask("a", 1L, SOON);
              taking.ask("a", 2L, SOON);
              if (attempts[0]++ == 0) {
                throw new IllegalStateException("once more");
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(5)));

    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L).pipe("stock", "plain", 7L);
      tester.read("confirmed");
    }
    keys.remove("stock-0-0");
    assertThat(keys).hasSize(6).allMatch(key -> key.startsWith("orders-0@0/take/"));
    assertThat(keys.subList(0, 3)).doesNotHaveDuplicates();
    assertThat(keys.subList(3, 6)).isEqualTo(keys.subList(0, 3));
  }

  @Test
  void aQuestionThatHasFailedForGoodHasTheReasonAsItsAnswer() {
    List<NoAnswer> told = new ArrayList<>();
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              throw new IllegalArgumentException("nothing left of " + question.key());
            });
    taking.agent().onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(5)));
    app.agent(
        "order",
        orders,
        order -> {
          try {
            taking.ask("ink", order.value(), LONG);
          } catch (NoAnswer none) {
            told.add(none);
          }
        });

    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      assertThat(tester.deadLetters()).hasSize(1);
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().why()).isEqualTo(NoAnswer.Why.FAILED);
    assertThat(told.getFirst())
        .hasMessageContaining("agent take has failed at the question")
        .hasMessageContaining("nothing left of ink")
        .hasMessageContaining("stock-0@0");
  }

  @Test
  void aQuestionThatCannotBeReadHasTheReasonAsItsAnswer() {
    List<String> told = new ArrayList<>();
    App strict = App.named("strict");
    Topic<String, Long> in = strict.topic("in", Codecs.utf8(), Codecs.int64());
    Topic<String, Short> odd = strict.topic("odd", Codecs.utf8(), new OddCodec());
    Answering<String, Short, Long> counting =
        strict.answering("count", odd, Codecs.int64(), _ -> 1L);
    strict.agent(
        "ask",
        in,
        _ -> {
          try {
            counting.ask("k", (short) 2, LONG);
          } catch (NoAnswer none) {
            told.add(none.getMessage());
          }
        });
    try (AppTester tester = AppTester.of(strict, ONE_PARTITION)) {
      tester.pipe("in", "k", 1L);
      assertThat(tester.deadLetters()).hasSize(1);
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst()).contains("agent count cannot decode it").contains("2 is not odd");
  }

  @Test
  void aLateAnswerIsNotTakenForThatOfTheNextQuestion() {
    long[] handled = {0};
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              if (handled[0] == 0) {
                question.sleep(Duration.ofSeconds(3));
              }
              return handled[0]++;
            });
    List<NoAnswer.Why> missed = new ArrayList<>();
    app.agent(
            "order",
            orders,
            order -> {
              try {
                confirmed.send(
                    order.key(), taking.ask("k", 1L, Duration.ofSeconds(1)).orElseThrow());
              } catch (NoAnswer none) {
                missed.add(none.why());
                throw none;
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofSeconds(5)));

    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      assertThat(tester.read("confirmed")).extracting(TestRecord::value).containsExactly(1L);
    }
    assertThat(missed).containsExactly(NoAnswer.Why.LATE);
  }

  @Test
  void manyQuestionsHaveTheirAnswersInTheirOrder() {
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> question.value() == 7 ? null : question.value() * 2);
    List<Optional<Long>> answers = new ArrayList<>();
    app.agent(
        "order",
        orders,
        _ ->
            answers.addAll(
                taking.askAll(
                    LongStream.range(0, 40).mapToObj(i -> Map.entry("k" + i, i)).toList(), SOON)));

    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("orders", "k", 1L);
      tester.read("confirmed");
    }
    assertThat(answers)
        .isEqualTo(
            LongStream.range(0, 40)
                .mapToObj(i -> i == 7 ? Optional.<Long>empty() : Optional.of(2 * i))
                .toList());
  }

  @Test
  void whatIsMissingOfManyAnswersIsCounted() {
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              if (question.value() == 2) {
                question.sleep(Duration.ofSeconds(10));
              }
              return question.value();
            });
    List<String> told = new ArrayList<>();
    app.agent(
        "order",
        orders,
        _ -> {
          try {
            taking.askAll(List.of(Map.entry("k", 1L), Map.entry("k", 2L)), Duration.ofSeconds(2));
          } catch (NoAnswer none) {
            told.add(none.getMessage());
          }
        });
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      tester.read("confirmed");
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst()).contains("agent take has answered 1 of 2 questions within PT2S");
  }

  @Test
  void whoeverAsksWaitsNoLongerThanTheEventHasTime() {
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              question.sleep(Duration.ofSeconds(30));
              return 1L;
            });
    List<Long> handled = new ArrayList<>();
    app.agent(
            "order",
            orders,
            order -> {
              if (order.value() == 1) {
                taking.ask("k", 1L, LONG);
              }
              handled.add(order.value());
            })
        .onFailure(
            new FailurePolicy.DeadLetter(3, Duration.ofMillis(5)).within(Duration.ofSeconds(2)));

    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L).pipe("orders", "k", 2L).advance(Duration.ofSeconds(10));
      assertThat(handled).as("long before the answer could come").containsExactly(2L);
      List<DeadLetteredEvent> letters = tester.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().reason()).contains("has used up its time");
    }
  }

  @Test
  void handlersThatAskWaitBesideOneAnother() {
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              question.sleep(Duration.ofSeconds(1));
              return question.value();
            });
    taking.agent().concurrency(20);
    app.agent(
            "order",
            orders,
            order ->
                confirmed.send(
                    order.key(),
                    taking.ask(order.key(), order.value(), Duration.ofSeconds(3)).orElseThrow()))
        .concurrency(20)
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));

    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (long i = 0; i < 20; i++) {
        tester.pipe("orders", "k" + i, i);
      }
      assertThat(tester.read("confirmed")).as("within 3 s, each takes 1 s").hasSize(20);
    }
  }

  @Test
  void whatABatchAsksHasAKeyWhereItIsForOneOfItsEvents() {
    List<String> keys = new ArrayList<>();
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              keys.add(question.idempotencyKey());
              return question.value();
            });
    app.agent(
        "order",
        orders,
        new Take(10, Duration.ofMillis(50)),
        batch -> {
          batch.forEach(order -> order.causes(() -> taking.ask("k", order.value(), SOON)));
          taking.ask("all", (long) batch.size(), SOON);
        });
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "a", 1L).pipe("orders", "b", 2L);
      tester.read("confirmed");
    }
    assertThat(keys).hasSize(3);
    assertThat(keys.get(0)).startsWith("orders-0@0/take/");
    assertThat(keys.get(1)).startsWith("orders-0@1/take/");
    assertThat(keys.get(2)).as("the place of the question itself").isEqualTo("stock-0-2");
  }

  @Test
  void aQuestionThatGoesOnUnderAnotherKeyIsNoneAnyMore() {
    List<Boolean> questions = new ArrayList<>();
    Answering<String, Long, Long> taking =
        app.answering("take", stock, Codecs.int64(), question -> question.value());
    app.agent(
        "follow",
        app.stream(stock).groupBy("by-value", Codecs.int64(), event -> event.value()),
        event ->
            questions.add(
                event.header("gretchen-call") != null
                    || event.header("gretchen-idempotency-key") != null));
    app.agent("order", orders, order -> taking.ask("k", order.value(), SOON));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      tester.read("confirmed");
    }
    assertThat(questions).containsExactly(false);
  }

  @Test
  void anAgentOfTheSameTopicIsNotAskedSinceItCouldNeverAnswer() {
    Answering<String, Long, Long> taking =
        app.answering("take", stock, Codecs.int64(), question -> question.value());
    app.agent("also", stock, _ -> taking.ask("k", 1L, SOON))
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("stock", "k", 1L);
      List<DeadLetteredEvent> letters = tester.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().reason())
          .contains("agent take reads topic stock, and a handler of that topic asks it")
          .contains("Give the agent that is asked a topic of its own");
    }
  }

  @Test
  void anAgentOfAnotherAppIsNotAsked() {
    App other = App.named("other");
    Answering<String, Long, Long> elsewhere =
        other.answering(
            "there",
            other.topic("far", Codecs.utf8(), Codecs.int64()),
            Codecs.int64(),
            question -> question.value());
    app.agent("order", orders, _ -> elsewhere.ask("k", 1L, SOON))
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      assertThat(tester.deadLetters().getFirst().reason())
          .contains("agent there is of another app")
          .contains("an app asks agents of its own");
    }
    app.answering("take", stock, Codecs.int64(), question -> question.value());
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("orders", "k", 1L);
      assertThat(tester.deadLetters().getFirst().reason())
          .contains("agent there of topic far does not answer in this app")
          .contains("are [take]");
    }
  }

  @Test
  void aTestAsksAnAgentToo() {
    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> {
              if (question.value() < 0) {
                throw new IllegalArgumentException("less than nothing");
              }
              return question.value() == 0 ? null : question.value() * 2;
            });
    taking.agent().onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app)) {
      assertThat(tester.ask(taking, "k", 21L)).contains(42L);
      assertThat(tester.crashAndRecover().ask(taking, "k", 4L)).contains(8L);
      assertThat(tester.ask(taking, "k", 0L)).isEmpty();
      assertThatThrownBy(() -> tester.ask(taking, "k", -1L))
          .isInstanceOf(NoAnswer.class)
          .hasMessageContaining("less than nothing");
      assertThat(tester.deadLetters()).hasSize(1);
      assertThat(tester.ask(taking, "k", 5L)).as("the tester goes on").contains(10L);
    }
  }

  @Test
  void asksInHandlersAloneAndWithinABound() {
    Answering<String, Long, Long> taking =
        app.answering("take", stock, Codecs.int64(), question -> question.value());
    assertThatThrownBy(() -> taking.ask("k", 1L, SOON))
        .hasMessageContaining("inside a handler")
        .hasMessageContaining("elsewhere ask by Worker.ask");
    assertThatThrownBy(() -> taking.ask("k", 1L, Duration.ZERO))
        .hasMessageContaining("from 1 ms to 1 hour, found PT0S");
    assertThatThrownBy(() -> taking.ask("k", 1L, Duration.ofHours(2)))
        .hasMessageContaining("from 1 ms to 1 hour, found PT2H");
  }

  @Test
  void aTopicHasOneAgentThatAnswers() {
    app.answering("take", stock, Codecs.int64(), question -> question.value());
    assertThatThrownBy(
            () -> app.answering("count", stock, Codecs.int64(), question -> question.value()))
        .hasMessageContaining("agent take does so already; a question has one answer");
  }

  /// Writes what it cannot read.
  private static final class OddCodec implements dev.gretchen.engine.Codec<Short> {
    @Override
    public byte[] encode(Short value) {
      return new byte[] {value.byteValue()};
    }

    @Override
    public Short decode(byte[] bytes) {
      if (bytes[0] % 2 == 0) {
        throw new IllegalArgumentException(bytes[0] + " is not odd");
      }
      return (short) bytes[0];
    }
  }
}
