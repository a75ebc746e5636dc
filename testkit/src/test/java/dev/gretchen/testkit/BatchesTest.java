package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Agent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.BatchHandler;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the author of an agent that takes batches meets.
class BatchesTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);
  private static final Instant NOON = Instant.parse("2031-05-01T12:00:00Z");
  private static final Duration SOON = Duration.ofMillis(50);

  private final App app = App.named("batches");
  private final Topic<String, Long> calls = app.topic("calls", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> answers = app.topic("answers", Codecs.utf8(), Codecs.int64());
  private final Table<String, Long> sum = app.table("sum", Codecs.utf8(), Codecs.int64(), () -> 0L);
  private final List<List<Long>> batches = new ArrayList<>();

  private Agent<String, Long> agent(Take take, BatchHandler<String, Long> handler) {
    return app.agent(
            "sum",
            calls,
            take,
            batch -> {
              batches.add(batch.stream().map(Event::value).toList());
              handler.handle(batch);
            })
        .uses(sum);
  }

  private void answer(Event<String, Long> call) {
    call.causes(() -> answers.send(call.key(), sum.merge(call.key(), call.value(), Long::sum)));
  }

  @Test
  void aBatchIsWhatCameWithinATimeOrAsManyAsItMayHave() {
    agent(new Take(3, SOON), batch -> batch.forEach(this::answer));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (long i = 0; i < 7; i++) {
        tester.pipe("calls", "k", i);
      }
      assertThat(tester.read("answers")).hasSize(7);
      assertThat(batches).containsExactly(List.of(0L, 1L, 2L), List.of(3L, 4L, 5L), List.of(6L));

      tester.pipe("calls", "k", 7L).advance(SOON.dividedBy(2)).pipe("calls", "k", 8L);
      assertThat(tester.read("answers")).extracting(TestRecord::value).containsExactly(28L, 36L);
      assertThat(batches.getLast()).containsExactly(7L, 8L);
    }
  }

  @Test
  void anEventWaitsForOthersNoLongerThanItIsTold() {
    agent(new Take(1_000, Duration.ofSeconds(2)), batch -> batch.forEach(this::answer));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L).advance(Duration.ofMillis(1_900));
      assertThat(batches).isEmpty();
      tester.advance(Duration.ofMillis(300));
      assertThat(batches).containsExactly(List.of(1L));
    }
  }

  @Test
  void batchesBesideOneAnotherKeepTheOrderOfEachKeyThroughCrashes() {
    agent(
            new Take(5, SOON),
            batch -> {
              batch.getFirst().sleep(Duration.ofMillis(batch.getFirst().value() % 7 * 20));
              batch.forEach(this::answer);
            })
        .concurrency(4);
    Map<String, List<Long>> expected = new TreeMap<>();
    Map<String, List<Long>> answered = new TreeMap<>();
    try (AppTester tester = AppTester.of(app)) {
      for (long i = 0; i < 120; i++) {
        String key = "k" + i % 11;
        List<Long> sums = expected.computeIfAbsent(key, _ -> new ArrayList<>());
        sums.add(i + (sums.isEmpty() ? 0 : sums.getLast()));
        tester.pipe("calls", key, i).advance(Duration.ofMillis(i % 9));
        if (i % 16 == 15) {
          tester.crashAndRecover();
        }
      }
      List<TestRecord<String, Long>> all = tester.read("answers");
      all.forEach(
          each -> answered.computeIfAbsent(each.key(), _ -> new ArrayList<>()).add(each.value()));
      assertThat(answered).isEqualTo(expected);
      assertThat(batches).as("some with several events").anyMatch(batch -> batch.size() > 1);
      Map<String, Long> last = new TreeMap<>();
      expected.forEach((key, sums) -> last.put(key, sums.getLast()));
      assertThat(tester.table(sum).entries()).isEqualTo(last);
    }
  }

  @Test
  void aBatchThatFailsIsTriedAgainWholeAndItsEffectsAreDropped() {
    agent(
            new Take(3, SOON),
            batch -> {
              batch.forEach(this::answer);
              if (batches.size() == 1) {
                throw new IllegalStateException("the first time");
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(10)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L).pipe("calls", "k", 2L).pipe("calls", "k", 4L);
      assertThat(tester.read("answers")).extracting(TestRecord::value).containsExactly(1L, 3L, 7L);
      assertThat(batches).containsExactly(List.of(1L, 2L, 4L), List.of(1L, 2L, 4L));
    }
  }

  @Test
  void oneBadEventTakesNoOtherOfItsBatchToTheDeadLetters() {
    agent(
            new Take(5, SOON),
            batch -> {
              batch.forEach(this::answer);
              if (batch.stream().anyMatch(call -> call.value() == 13)) {
                throw new IllegalArgumentException("thirteen");
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(10)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      for (long value : List.of(1L, 2L, 13L, 3L, 4L, 5L)) {
        tester.pipe("calls", "k", value);
      }
      assertThat(tester.read("answers"))
          .extracting(TestRecord::value)
          .containsExactly(1L, 3L, 6L, 10L, 15L);
      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter -> {
            assertThat(letter.value()).isEqualTo(13L);
            assertThat(letter.reason()).contains("thirteen");
          });
    }
  }

  @Test
  void aBatchWhoseTimeIsUpLeavesADeadLetterForEachOfItsEvents() {
    agent(
            new Take(2, SOON),
            batch -> {
              batch.forEach(this::answer);
              if (batch.getFirst().value() == 1) {
                batch.getFirst().sleep(Duration.ofMinutes(1));
              }
            })
        .onFailure(
            new FailurePolicy.DeadLetter(5, Duration.ofMillis(10)).within(Duration.ofSeconds(1)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L).pipe("calls", "k", 2L).pipe("calls", "k", 4L);
      assertThat(tester.read("answers")).extracting(TestRecord::value).containsExactly(4L);
      assertThat(tester.deadLetters())
          .hasSize(2)
          .allSatisfy(letter -> assertThat(letter.reason()).contains("DeadlinePassed"));
    }
  }

  @Test
  void whatAnEventCausesHasItsIdAndItsTime() {
    WindowedTable<String, Long> hourly =
        app.table("hourly", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .tumbling(Duration.ofHours(1))
            .retained(Duration.ofHours(2));
    agent(
            new Take(2, SOON),
            batch -> {
              for (Event<String, Long> call : batch) {
                call.causes(() -> {
                  hourly.merge(call.key(), call.value(), Long::sum);
                  answers.send(call.key(), call.value());
                });
              }
              answers.send("both", (long) batch.size());
            })
        .uses(hourly);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L, NOON).pipe("calls", "k", 2L, NOON.plusSeconds(3_600));
      List<TestRecord<String, Long>> sent = tester.read("answers");
      assertThat(sent)
          .extracting(record -> ByteBuffer.wrap(record.header(Event.ID_HEADER)).getLong())
          .containsExactly(1L, 2L, 2L);
      assertThat(sent)
          .extracting(TestRecord::timestamp)
          .containsExactly(NOON, NOON.plusSeconds(3_600), NOON.plusSeconds(3_600));
      assertThat(tester.table(hourly).windows("k"))
          .isEqualTo(Map.of(NOON, 1L, NOON.plusSeconds(3_600), 2L));
    }
  }

  @Test
  void anEventCausesNothingOutsideItsBatch() {
    List<Event<String, Long>> earlier = new ArrayList<>();
    agent(
            new Take(1, SOON),
            batch -> {
              earlier.addAll(batch);
              earlier.getFirst().causes(() -> answers.send("k", 1L));
            })
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L).pipe("calls", "k", 2L);
      assertThat(tester.read("answers")).hasSize(1);
      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(letter ->
              assertThat(letter.reason())
                  .contains("calls-0@0 is not handled here, but that at calls-0@1"));
    }
  }

  @Test
  void aTableIsTouchedUnderTheLanesOfTheBatchAlone() {
    agent(new Take(2, SOON), batch -> sum.merge("another", 1L, Long::sum))
        .concurrency(2)
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("calls", "k", 1L).pipe("calls", "l", 2L);
      assertThat(tester.deadLetters())
          .hasSize(2)
          .allSatisfy(letter -> assertThat(letter.reason()).contains("touches key 'another'"));
    }
  }

  @Test
  void agentsOfOneTopicTakeTheSameBatches() {
    agent(new Take(2, SOON), _ -> {});
    app.agent("other", calls, _ -> {});
    assertThatThrownBy(app::topology)
        .hasMessageContaining("agents sum and other")
        .hasMessageContaining("batches of their own");
  }

  @Test
  void refusesBatchesThatCannotBe() {
    assertThatThrownBy(() -> new Take(0, SOON)).hasMessageContaining("1 to 1000 events, found 0");
    assertThatThrownBy(() -> new Take(1_001, SOON)).hasMessageContaining("found 1001");
    assertThatThrownBy(() -> new Take(1, Duration.ofMinutes(2))).hasMessageContaining("PT2M");
  }
}
