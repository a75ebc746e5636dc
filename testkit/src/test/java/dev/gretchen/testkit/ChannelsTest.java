package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Channel;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Queues in the memory of a worker.
class ChannelsTest {

  private static final TesterOptions ONE_PARTITION = TesterOptions.standard().withPartitions(1);

  private final App app = App.named("channels");
  private final Topic<String, Long> in = app.topic("in", Codecs.utf8(), Codecs.int64());
  private final Topic<String, Long> out = app.topic("out", Codecs.utf8(), Codecs.int64());
  private final List<Long> seen = new ArrayList<>();

  @Test
  void valuesComeInTheirOrderToEachAgent() {
    Channel<Long> channel = app.channel("shown", 4);
    List<Long> also = new ArrayList<>();
    app.agent("show", channel, seen::add);
    app.agent("log", channel, also::add);
    app.agent("read", in, event -> channel.send(event.value()));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 100).read("out");
      tester.advance(Duration.ofSeconds(1));
    }
    assertThat(seen).containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    assertThat(also).isEqualTo(seen);
  }

  /// The agent takes a value, waits in vain for another channel's, and so on.
  @Test
  void aFullChannelHoldsBackWhoeverSends() {
    Channel<Long> slow = app.channel("slow", 2);
    Channel<Long> never = app.channel("never", 1);
    app.agent(
        "stuck",
        slow,
        value -> {
          seen.add(value);
          never.send(value);
        });
    List<Long> offered = new ArrayList<>();
    app.agent(
        "read",
        in,
        event -> {
          slow.send(event.value());
          offered.add(event.value());
        });
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 20).advance(Duration.ofSeconds(30));
      assertThat(seen).as("the first fits into the channel that nobody reads").hasSize(2);
      assertThat(offered).as("two more wait in the channel").hasSize(4);
      tester.crashAndRecover().advance(Duration.ofSeconds(30));
      assertThat(seen)
          .as("what was in memory is gone, what was committed does not come again")
          .containsExactly(0L, 1L, 4L, 5L);
    }
  }

  @Test
  void anOfferDoesNotWait() {
    Channel<Long> never = app.channel("never", 3);
    app.agent(
        "read",
        in,
        event -> {
          if (never.offer(event.value())) {
            seen.add(event.value());
          }
        });
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 10).read("out");
    }
    assertThat(seen).containsExactly(0L, 1L, 2L);
  }

  @Test
  void whoeverSendsWaitsNoLongerThanItsEventHasTime() {
    Channel<Long> never = app.channel("never", 1);
    app.agent("read", in, event -> never.send(event.value()))
        .onFailure(
            new FailurePolicy.DeadLetter(3, Duration.ofMillis(5)).within(Duration.ofSeconds(2)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 2);
      List<DeadLetteredEvent> letters = tester.deadLetters();
      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().reason()).contains("has used up its time");
    }
  }

  @Test
  void aValueIsNoEffectAndComesAgainWithItsEvent() {
    Channel<Long> channel = app.channel("shown", 10);
    app.agent("show", channel, seen::add);
    int[] attempts = {0};
    app.agent(
            "read",
            in,
            event -> {
              channel.send(event.value());
              if (attempts[0]++ == 0) {
                throw new IllegalStateException("once more");
              }
            })
        .onFailure(new FailurePolicy.DeadLetter(1, Duration.ofMillis(5)));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      tester.pipe("in", "k", 7L).read("out");
      tester.advance(Duration.ofSeconds(1));
    }
    assertThat(seen).containsExactly(7L, 7L);
  }

  @Test
  void anAgentOfAChannelSendsToAnotherChannel() {
    Channel<Long> first = app.channel("first", 100);
    Channel<Long> second = app.channel("second", 100);
    app.agent("pass", first, second::send);
    app.agent("show", second, seen::add);
    app.agent("read", in, event -> first.send(event.value()));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 50).read("out");
      tester.restart();
      assertThat(seen).containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
    }
  }

  @Test
  void anAgentThatFailsLosesItsValueAndGoesOn() {
    Channel<Long> channel = app.channel("shown", 10);
    app.agent(
        "show",
        channel,
        value -> {
          if (value == 1) {
            throw new IllegalStateException("not this one");
          }
          seen.add(value);
        });
    app.agent("read", in, event -> channel.send(event.value()));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 3).read("out");
      tester.advance(Duration.ofSeconds(1));
    }
    assertThat(seen).containsExactly(0L, 2L);
  }

  @Test
  void anAgentOfAChannelSendsToNoTopicAndTouchesNoTable() {
    Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Channel<Long> channel = app.channel("shown", 10);
    List<String> refused = new ArrayList<>();
    app.agent(
        "show",
        channel,
        value -> {
          refused.add(refusal(() -> out.send("k", value)));
          refused.add(refusal(() -> total.put("k", value)));
          refused.add(refusal(() -> channel.send(value)));
        });
    app.agent("read", in, event -> channel.send(event.value())).uses(total);
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 1).read("out");
      tester.advance(Duration.ofSeconds(1));
    }
    assertThat(refused).hasSize(3);
    assertThat(refused.get(0))
        .contains("topic out belongs to an event, and agent show reads channel shown")
        .contains("they have no offset")
        .contains("Send them through a topic instead");
    assertThat(refused.get(1))
        .contains("table total belongs to an event, and agent show reads channel shown");
    assertThat(refused.get(2))
        .contains("sends to the channel that it reads")
        .contains("use offer(...)");
  }

  private static String refusal(Runnable misuse) {
    try {
      misuse.run();
    } catch (IllegalStateException thrown) {
      return String.valueOf(thrown.getMessage());
    }
    return "nothing was refused";
  }

  @Test
  void refusesWhatCannotBeAChannel() {
    Channel<Long> channel = app.channel("shown", 10);
    assertThatThrownBy(() -> app.channel("shown", 10))
        .hasMessageContaining("channel shown is declared twice");
    assertThatThrownBy(() -> app.channel("empty", 0))
        .hasMessageContaining("expected a capacity from 1 to 100000, found 0");
    assertThatThrownBy(() -> app.channel("a b", 1)).hasMessageContaining("channel name");
    assertThatThrownBy(() -> App.named("other").agent("show", channel, seen::add))
        .hasMessageContaining("channel shown is not one of app other");
    assertThatThrownBy(() -> channel.send(1L))
        .hasMessageContaining("channel shown is sent to by Channel.send inside handlers")
        .hasMessageContaining("Worker.channel(channel)");
    app.agent("read", in, Event::value, _ -> {});
    assertThatThrownBy(() -> app.agent("read", channel, seen::add))
        .hasMessageContaining("agent read is declared twice");
  }

  @Test
  void aChannelOfAnotherAppIsRefusedWhereItIsSentTo() {
    Channel<Long> foreign = App.named("other").channel("far", 1);
    app.agent("read", in, event -> foreign.send(event.value()))
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app, ONE_PARTITION)) {
      pipe(tester, 1);
      assertThat(tester.deadLetters().getFirst().reason())
          .contains("channel far is of another app; declare it with app.channel(...)");
    }
  }

  private static AppTester pipe(AppTester tester, long values) {
    for (long value = 0; value < values; value++) {
      tester.pipe("in", "k", value);
    }
    return tester;
  }
}
