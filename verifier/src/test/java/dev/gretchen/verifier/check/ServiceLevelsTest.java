package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectApp;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.verdict.ServiceLevel;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class ServiceLevelsTest {

  private final LoadPlan plan =
      new LoadPlan(LoadShape.uniform(42, 200, Duration.ofSeconds(10), 2, "css"));
  private final PerfectApp app = new PerfectApp(plan);
  private final MemoryLog stream = app.counts;

  @Test
  void whatAnswersAtOnceIsUpAllTheTime() {
    ServiceLevel whole = row(ServiceLevel.ALL, ServiceLevel.WHOLE);
    assertThat(whole.events()).isEqualTo(expected());
    assertThat(whole.onTime()).isEqualTo(expected());
    assertThat(whole.missing()).isZero();
    assertThat(whole.seconds()).isBetween(20L, 22L).isEqualTo(whole.up());
    assertThat(whole.longestSilenceMillis()).isBetween(10L, 30L);
    assertThat(whole.maxMillis()).isBetween(20L, 21L);
    assertThat(row(0, "before").events() + row(1, "before").events())
        .isEqualTo(row(ServiceLevel.ALL, "before").events())
        .isBetween(expected() / 3, expected() * 2 / 3);
  }

  @Test
  void aPartitionThatIsSilentForThreeSecondsIsDownInThem() {
    observed(1, at -> at >= 3_000 && at < 6_000 ? 6_000 : at);
    ServiceLevel silent = row(1, ServiceLevel.WHOLE);
    assertThat(silent.seconds() - silent.up()).isEqualTo(3);
    assertThat(silent.longestSilenceMillis()).isBetween(2_900L, 3_050L);
    assertThat(silent.maxMillis()).isBetween(2_950L, 3_030L);
    assertThat(silent.onTime()).isLessThan(silent.events());
    ServiceLevel other = row(0, ServiceLevel.WHOLE);
    assertThat(other.up()).isEqualTo(other.seconds());
  }

  @Test
  void aPauseWithinASecondIsLateButNotDown() {
    observed(1, at -> at >= 3_100 && at < 3_900 ? 3_900 : at);
    ServiceLevel paused = row(1, ServiceLevel.WHOLE);
    assertThat(paused.up()).isEqualTo(paused.seconds());
    assertThat(paused.onTime()).isEqualTo(paused.events());
    assertThat(paused.longestSilenceMillis()).isBetween(750L, 830L);
  }

  @Test
  void aPartitionWithoutWorkIsNotDown() {
    // nothing for partition 1 in the last half of the load
    stream.list(1).removeIf(r -> r.observedAt() >= PerfectApp.START + 5_000);
    app.words.list(0).removeIf(this::goneFromPartitionOne);
    app.words.list(1).removeIf(this::goneFromPartitionOne);
    long left = stream.list(0).size() + (long) stream.list(1).size();
    ServiceLevel idle =
        rows(left).stream()
            .filter(r -> r.partition() == 1 && r.stretch().equals(ServiceLevel.WHOLE))
            .findFirst()
            .orElseThrow();
    assertThat(idle.seconds()).isEqualTo(5).isEqualTo(idle.up());
    assertThat(idle.missing()).isZero();
  }

  @Test
  void aPartitionThatNeverAnswersAgainIsDownToTheEnd() {
    int before = stream.list(1).size();
    stream.list(1).removeIf(r -> r.observedAt() >= PerfectApp.START + 5_000);
    ServiceLevel dead = row(1, ServiceLevel.WHOLE);
    assertThat(dead.missing()).isEqualTo(before - stream.list(1).size()).isPositive();
    assertThat(dead.seconds() - dead.up()).isBetween(5L, 7L);
    assertThat(dead.longestSilenceMillis()).isGreaterThan(5_000);
    assertThat(dead.punctuality()).isLessThan(0.6);
  }

  @Test
  void theFirstOfTwoOutputsCounts() {
    LogRecord twice = stream.list(1).get(10);
    stream.list(1).add(Records.later(twice, 4_000));
    assertThat(row(1, ServiceLevel.WHOLE).maxMillis()).isLessThan(30);
    assertThat(row(ServiceLevel.ALL, ServiceLevel.WHOLE).events()).isEqualTo(expected());
  }

  private boolean goneFromPartitionOne(LogRecord word) {
    return plan.isColor(word.id())
        && stream.list(0).stream().noneMatch(r -> r.id() == word.id())
        && stream.list(1).stream().noneMatch(r -> r.id() == word.id());
  }

  private void observed(int partition, LongUnaryOperator change) {
    stream
        .list(partition)
        .replaceAll(r -> {
          long at = r.observedAt() - PerfectApp.START;
          return Records.later(r, change.applyAsLong(at) - at);
        });
  }

  private long expected() {
    long colors = 0;
    for (long i = 0; i < plan.count(); i++) {
      colors += plan.isColor(plan.id(i)) ? 1 : 0;
    }
    return colors;
  }

  private ServiceLevel row(int partition, String stretch) {
    return rows(expected()).stream()
        .filter(r -> r.partition() == partition && r.stretch().equals(stretch))
        .findFirst()
        .orElseThrow();
  }

  private List<ServiceLevel> rows(long expected) {
    Moment kill = new Moment("kill-owner", "w1", app.killedAt, app.killedAt, true);
    Witness witness = new Witness(plan, app.words, List.of(kill));
    return ServiceLevels.measure(
        witness,
        app.words,
        record -> plan.isColor(record.id()),
        expected,
        stream,
        PerfectApp.START,
        app.endedAt);
  }

  private static final class Records {

    static LogRecord later(LogRecord r, long millis) {
      return new LogRecord(
          r.partition(),
          r.offset(),
          r.timestamp(),
          r.observedAt() + millis,
          r.key(),
          r.value(),
          r.hasId(),
          r.id(),
          r.lineage());
    }
  }
}
