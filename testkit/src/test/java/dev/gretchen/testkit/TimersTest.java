package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Crontab;
import dev.gretchen.engine.Every;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Timers of the leader, in virtual time.
class TimersTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final App app = App.named("clockwork");
  private final Topic<String, Long> beats = app.topic("beats", Codecs.utf8(), Codecs.int64());
  private final Table<String, Long> count =
      app.table("count", Codecs.utf8(), Codecs.int64(), () -> 0L);

  @Test
  void fireAtEachMomentOnceWhereverTheWorkerDies() {
    app.onLeader(
            "beat",
            Every.every(SECOND),
            tick -> {
              beats.send(tick.timer(), tick.at().toEpochMilli());
              count.merge("beats", 1L, Long::sum);
            })
        .uses(count);
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 40; i++) {
        tester.advance(Duration.ofMillis(150 + i * 37));
        if (i % 4 == 3) {
          tester.wipeAndRecover();
        } else {
          tester.crashAndRecover();
        }
      }
      List<Long> moments = moments(tester);
      assertThat(moments).hasSizeGreaterThan(30);
      assertThat(moments)
          .isEqualTo(
              LongStream.range(0, moments.size())
                  .mapToObj(i -> moments.getFirst() + i * SECOND.toMillis())
                  .toList());
      assertThat(tester.<String, Long>table("count").get("beats"))
          .contains((long) moments.size() + tester.<String, Long>read("beats").size());
    }
  }

  @Test
  void makeUpForWhatTheyMissedWhileNobodyLed() {
    app.onLeader("beat", Every.every(SECOND), tick -> beats.send("b", tick.at().toEpochMilli()))
        .uses(count);
    try (AppTester tester = AppTester.of(app)) {
      long first = moments(tester.advance(SECOND.multipliedBy(3))).getFirst();
      List<Long> after = new ArrayList<>();
      after.addAll(moments(tester.restart().advance(SECOND.multipliedBy(5))));
      after.addAll(moments(tester.advance(SECOND)));
      assertThat(after.getLast()).isGreaterThanOrEqualTo(first + 8_000);
      for (int i = 1; i < after.size(); i++) {
        assertThat(after.get(i)).isEqualTo(after.get(i - 1) + 1_000);
      }
    }
  }

  @Test
  void fireByACrontabBesideOthersWhereverTheWorkerDies() {
    app.onLeader(
            "minute",
            Crontab.of("* * * * *"),
            tick -> beats.send(tick.timer(), tick.at().toEpochMilli()))
        .uses(count);
    app.onLeader("beat", Every.every(SECOND.multipliedBy(7)), _ -> {});
    try (AppTester tester = AppTester.of(app)) {
      for (int i = 0; i < 15; i++) {
        tester.advance(SECOND.multipliedBy(20)).crashAndRecover();
      }
      List<Long> moments = moments(tester);
      assertThat(moments)
          .hasSizeBetween(4, 6)
          .isEqualTo(
              LongStream.range(0, moments.size())
                  .mapToObj(i -> moments.getFirst() + i * 60_000)
                  .toList())
          .allMatch(at -> at % 60_000 == 0);
    }
  }

  /// Both act at 10 s, in one unit: where one of them fails, the other's effects are not seen.
  @Test
  void thatFireTogetherAreOneUnit() {
    app.onLeader("one", Every.every(SECOND), tick -> beats.send("one", tick.at().toEpochMilli()))
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO))
        .uses(count);
    app.onLeader(
            "ten",
            Every.every(SECOND.multipliedBy(10)),
            tick -> {
              throw new IllegalStateException("ten cannot");
            })
        .onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    try (AppTester tester = AppTester.of(app)) {
      tester.advance(SECOND.multipliedBy(30));
      List<Long> moments = moments(tester);
      assertThat(moments).hasSizeGreaterThan(20).noneMatch(at -> at % 10_000 == 0);
      assertThat(tester.deadLetters())
          .hasSizeBetween(2, 4)
          .allSatisfy(letter -> {
            assertThat(letter.source()).startsWith("clockwork-leader-0@").endsWith("0000");
            assertThat(letter.reason()).contains("ten cannot");
          });
    }
  }

  private List<Long> moments(AppTester tester) {
    return tester.read(beats).stream().map(TestRecord::value).toList();
  }
}
