package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Agent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.Every;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Sink;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where the results of agents go.
class SinksTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);

  private final App app = App.named("sinks");
  private final Topic<String, Long> in = app.topic("in", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> doubled = app.topic("doubled", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> halves = app.topic("halves", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> seen = app.topic("seen", Codecs.utf8(), Codecs.int64());
  private final List<Long> told = new ArrayList<>();

  @Test
  void aResultGoesToATopicAnAgentAndAFunctionInOrder() {
    Agent<String, Long> halver =
        app.agent("halve", halves, event -> seen.send(event.key(), event.value() / 2));
    app.agent(
        "double",
        in,
        event -> event.value() * 2,
        Sink.to(doubled, (Long result) -> "r" + result)
            .then(Sink.to(halver, result -> "h" + result))
            .then(told::add));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "a", 2L).pipe("in", "b", 5L);
      assertThat(tester.<String, Long>read("doubled"))
          .extracting(TestRecord::key)
          .containsExactly("r4", "r10");
      assertThat(tester.<String, Long>read("seen"))
          .extracting(TestRecord::value)
          .containsExactly(2L, 5L);
      assertThat(told).containsExactly(4L, 10L);
    }
  }

  /// It goes through the topic between, under the key that it is given.
  @Test
  void anAgentIsHandedEventsThroughItsTopic() {
    Agent<String, Long> halver =
        app.agent(
            "halve",
            app.stream(halves).through("all-halves"),
            event -> seen.send(event.key(), event.value() / 2));
    app.agent(
            "double",
            in,
            event -> {
              halver.cast("h" + event.key(), event.value() * 2);
              if (event.value() == 5L) {
                throw new IllegalStateException("no five");
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(5)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "a", 2L).pipe("in", "b", 5L).pipe("halves", "c", 8L);
      assertThat(tester.<String, Long>read("seen"))
          .as("what failed has handed nothing over")
          .extracting(TestRecord::key)
          .containsExactlyInAnyOrder("ha", "c");
      assertThat(tester.deadLetters()).hasSize(1);
    }
    assertThatThrownBy(() -> halver.cast("k", 1L)).hasMessageContaining("inside a handler only");
  }

  @Test
  void noResultGoesNowhere() {
    app.agent(
        "odd",
        in,
        event -> event.value() % 2 == 0 ? null : event.value(),
        Sink.to(doubled, (Long result) -> "k"));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "a", 2L).pipe("in", "b", 5L);
      assertThat(tester.read("doubled")).extracting(TestRecord::value).containsExactly(5L);
    }
  }

  @Test
  void severalResultsGoEachByItself() {
    app.agent(
        "batch",
        in,
        new Take(10, Duration.ofMillis(20)),
        batch -> batch.stream().map(Event::value).toList(),
        Sink.each(Sink.to(doubled, (Long result) -> "k" + result)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "a", 2L).pipe("in", "b", 5L);
      assertThat(tester.read("doubled")).extracting(TestRecord::value).containsExactly(2L, 5L);
    }
  }

  @Test
  void aSinkThatFailsTakesBackWhatTheOthersWereGiven() {
    app.agent(
            "double",
            in,
            event -> event.value() * 2,
            Sink.to(doubled, (Long _) -> "k")
                .then(result -> {
                  told.add(result);
                  if (told.size() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                }))
        .onFailure(new FailurePolicy.DeadLetter(2, Duration.ofMillis(5)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "a", 2L);
      assertThat(tester.read("doubled")).hasSize(1);
      assertThat(told).as("whom nobody can take it back from").containsExactly(4L, 4L, 4L);
    }
  }

  @Test
  @SuppressWarnings("unchecked") // what a careless author would write
  void aTimerIsNoSink() {
    Agent<String, Long> timer =
        (Agent<String, Long>) app.onLeader("tick", Every.every(Duration.ofSeconds(1)), _ -> {});
    assertThatThrownBy(() -> Sink.to(timer, (Long _) -> "k"))
        .hasMessageContaining("timer tick takes no events");
  }
}
