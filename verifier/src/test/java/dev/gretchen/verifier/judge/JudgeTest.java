package dev.gretchen.verifier.judge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.PerfectApp;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.history.ExitLine;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {

  @TempDir private Path runs;
  private PerfectApp app;
  private WrittenRun run;

  @BeforeEach
  void perfectRun() {
    app = new PerfectApp(plan());
    run = new WrittenRun(app);
  }

  @Test
  void aRunThatWasBrokenOffAccusesNobody() throws Exception {
    run.faults(
        List.of(
            new FaultLine(
                "P1",
                "kill-owner",
                "w1",
                app.killedAt,
                0,
                true,
                1,
                "gone",
                List.of(),
                List.of(),
                null)));
    run.facts(
        facts -> facts.loaded(0, 0, 0).ended(false, 0, facts.endedAt(), List.of("Broker 1 died")));
    Verdict verdict = Judge.judge(run.write(runs).path()).verdict();
    assertThat(verdict.verdict()).isEqualTo(Outcome.HARNESS_ERROR);
    assertThat(verdict.sentence()).contains("word-colors", "Broker 1 died");
    assertThat(verdict.properties()).extracting(Property::status).containsExactly(Status.UNKNOWN);
    assertThat(verdict.faults()).hasSize(1);
  }

  @Test
  void aPerfectRunPassesAndJudgingAgainGivesTheSameBytes() throws Exception {
    var directory = run.write(runs);
    Judgement judgement = Judge.judge(directory.path());
    Verdict verdict = judgement.verdict();
    assertThat(verdict.properties())
        .allSatisfy(p -> assertThat(p.status()).as(p.toString()).isEqualTo(Status.PASS))
        .hasSizeGreaterThan(15);
    assertThat(verdict.sentence())
        .isEqualTo(
            "2,000 events counted exactly once by word-colors through one SIGKILL of a"
                + " worker.");
    assertThat(verdict.faults().getFirst().phases())
        .containsEntry("detected", 100L)
        .containsEntry("reassigned", 100L)
        .containsEntry("recovered", 200L)
        .containsKeys("firstOutput", "caughtUp");
    assertThat(verdict.latency()).extracting("stretch").containsExactly("before", "during");
    assertThat(verdict.service())
        .filteredOn(level -> level.partition() == ServiceLevel.ALL)
        .extracting(level -> level.topic() + " " + level.stretch())
        .containsExactly(
            "colors whole",
            "colors before",
            "colors during",
            "color-counts whole",
            "color-counts before",
            "color-counts during");
    assertThat(verdict.service())
        .allSatisfy(level -> assertThat(level.availability()).as(level.toString()).isEqualTo(1));
    assertThat(verdict.situations())
        .filteredOn(situation -> situation.times() > 0)
        .extracting("name")
        .containsExactly("takeover");
    assertThat(judgement.timeline().series()).extracting("name").contains("input", "lag");
    assertThat(judgement.timeline().ownership())
        .filteredOn(tenure -> tenure.worker().equals("w1"))
        .isNotEmpty()
        .allMatch(tenure -> tenure.toMillis() <= app.killedAt);
    judgement.write(directory);
    String first = Files.readString(directory.verdict());
    Judge.judge(directory.path()).write(directory);
    assertThat(Files.readString(directory.verdict())).isEqualTo(first);
    assertThat(VerdictJson.read(first)).isEqualTo(verdict);
  }

  @Test
  void whatAWorkerOwnedThatEndedByItselfMayBeGivenToAnother() {
    run.faults(List.of());
    // nor does it come back
    app.audit
        .list(0)
        .removeIf(
            entry -> new String(Objects.requireNonNull(entry.value()), UTF_8).contains("started"));
    assertThat(property("ownership-disjoint").status())
        .as("nobody ended w1")
        .isEqualTo(Status.FAIL);
    run.exits(List.of(new ExitLine("w1", app.killedAt, 1)));
    assertThat(property("ownership-disjoint").status()).isEqualTo(Status.PASS);
  }

  @Test
  void anEventMissingFromAStreamIsNamed() {
    LogRecord gone = app.colors.list(busy()).remove(7);
    assertFails("stream-exact:colors", "lost", gone);
  }

  @Test
  void anEventTwiceInAStreamIsNamed() {
    List<LogRecord> colors = app.colors.list(busy());
    LogRecord twice = colors.get(7);
    colors.add(8, twice);
    app.colors.renumber(busy());
    assertFails("stream-exact:colors", "doubled", twice);
  }

  @Test
  void anEventOutOfOrderInAStreamIsNamed() {
    List<LogRecord> colors = app.colors.list(busy());
    int one = 0;
    int two = next(colors, one);
    LogRecord early = colors.get(one);
    Collections.swap(colors, one, two);
    app.colors.renumber(busy());
    assertFails("stream-exact:colors", "out-of-order", early);
  }

  @Test
  void eventsThatKafkaRepeatedAreExpectedAsOftenAndInAnyOrder() {
    List<LogRecord> colors = app.colors.list(busy());
    for (LogRecord output : List.of(colors.get(3), colors.get(7))) {
      LogRecord source =
          app.words.list(app.plan.partitionOf(output.id())).stream()
              .filter(word -> word.id() == output.id())
              .findFirst()
              .orElseThrow();
      app.words.append(
          source.partition(),
          app.endedAt,
          source.timestamp(),
          Objects.requireNonNull(source.key()),
          source.value(),
          source.id(),
          null);
      app.colors.append(
          output.partition(),
          app.endedAt,
          output.timestamp(),
          Objects.requireNonNull(output.key()),
          output.value(),
          output.id(),
          null);
    }
    assertThat(property("stream-exact:colors").status()).isEqualTo(Status.PASS);
    assertThat(property("platform-log:words").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void aRecordThatNoEventCausedIsAPhantom() {
    byte[] red = "red".getBytes(UTF_8);
    app.colors.append(busy(), app.endedAt, 0, red, red, 99L, null);
    Property property = property("stream-exact:colors");
    assertThat(property.anomalies()).extracting(Anomaly::kind).containsExactly("phantom");
  }

  @Test
  void aChangedTimestampIsAWrongValue() {
    List<LogRecord> colors = app.colors.list(busy());
    LogRecord r = colors.get(3);
    colors.set(
        3,
        new LogRecord(
            r.partition(),
            r.offset(),
            r.timestamp() + 1,
            r.observedAt(),
            r.key(),
            r.value(),
            true,
            r.id(),
            r.lineage()));
    assertFails("stream-exact:colors", "wrong-value", r);
  }

  @Test
  void aMissingUpdateIsNamed() {
    LogRecord gone = app.counts.list(busy()).remove(9);
    assertFails("output-exact:color-counts", "lost", gone);
  }

  @Test
  void anEventThatTheTalliesLackIsNamedByEachView() {
    long index = colorAfterTheKill();
    run = new WrittenRun(new PerfectApp(plan(), Map.of(index, 0)));
    Verdict verdict = judge();
    for (String name :
        List.of(
            "output-exact:color-counts",
            "final-output:color-counts",
            "changelog-prefix:color-total",
            "final-table:color-total",
            "changelog-prefix:color-minute",
            "final-table:color-minute")) {
      Property property = property(verdict, name);
      assertThat(property.detail()).as(name).contains("#" + index + " of the load");
      assertThat(property.anomalies().getFirst().kind()).as(name).isEqualTo("lost");
    }
    assertThat(property(verdict, "output-exact:color-counts").detail())
        .contains("w1 was hit by kill-owner");
    assertThat(verdict.verdict()).isEqualTo(Outcome.FAIL);
    assertThat(verdict.sentence()).startsWith("output-exact:color-counts");
  }

  @Test
  void aKeyThatIsGoneAltogetherIsMissing() {
    byte[] key = Objects.requireNonNull(app.total.list(busy()).getFirst().key());
    app.total.list(busy()).removeIf(r -> Arrays.equals(r.key(), key));
    assertThat(property("final-table:color-total").anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("missing");
  }

  @Test
  void anAcknowledgedEventThatTheLogLacksIsKafkasLoss() {
    LogRecord gone = app.words.list(0).remove(5);
    run.acksFrom(new PerfectApp(plan()));
    assertFails("platform-log:words", "lost-by-kafka", gone);
  }

  @Test
  void anUnknownEventIsDecidedByTheLog() {
    run.unknown(app.words.list(0).get(5).id());
    assertThat(judge().verdict()).isEqualTo(Outcome.PASS);
  }

  @Test
  void aFailedEventMustNotBeInTheLog() {
    LogRecord failed = app.words.list(0).get(5);
    run.failed(failed.id());
    assertFails("platform-log:words", "failed-but-present", failed);
  }

  @Test
  void aStoreThatLagsBehindOrDiffersOrHasNoOwnerIsFound() {
    run.storePosition(-1);
    assertThat(property("store:color-total").anomalies())
        .extracting(Anomaly::kind)
        .contains("stale-store");
    run = new WrittenRun(app).dropStoreEntry();
    assertThat(property("store:color-total").anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("missing", "wrong-checksum");
    run = new WrittenRun(app).withoutStoreOf(1);
    assertThat(property("store:color-total").anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("no-owner");
  }

  @Test
  void anOffsetThatEndsBehindOrGoesBackIsFound() {
    run.lastCommitted(-2);
    assertThat(property("offsets:words").anomalies())
        .extracting(Anomaly::kind)
        .contains("behind", "went-back");
    run = new WrittenRun(app).lastCommitted(1);
    assertThat(property("offsets:colors").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aWriteAfterTheSuccessorsIsAZombies() {
    List<LogRecord> colors = app.colors.list(busy());
    LogRecord last = colors.getLast();
    Lineage lineage = Objects.requireNonNull(Lineage.decode(last.lineage()));
    byte[] zombie =
        new Lineage(
                lineage.topic(), lineage.partition(), lineage.first(), lineage.last(), "w1", 1, 1)
            .encode();
    colors.set(
        colors.size() - 1,
        new LogRecord(
            last.partition(),
            last.offset(),
            last.timestamp(),
            last.observedAt(),
            last.key(),
            last.value(),
            true,
            last.id(),
            zombie));
    Property property = property("generation-order:colors");
    assertThat(property.anomalies().getFirst().kind()).isEqualTo("zombie-write");
    assertThat(property.detail()).contains("w1 (generation 1").contains("w2 (generation 2");
  }

  @Test
  void aPartitionThatIsSilentForTooLongIsStalled() {
    app.colors.list(busy()).replaceAll(later(Duration.ofSeconds(100)));
    assertThat(property("progress:colors").anomalies())
        .extracting(Anomaly::kind)
        .contains("stalled");
    app.colors.list(busy()).replaceAll(later(Duration.ofSeconds(-50)));
    assertThat(property("progress:colors").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aFaultWithoutEffectMakesTheRunVacuous() {
    run.faults(
        List.of(
            new FaultLine(
                "P1",
                "kill-owner",
                "w1",
                app.killedAt,
                0,
                false,
                0,
                "?",
                List.of(),
                List.of(),
                null)));
    Verdict verdict = judge();
    assertThat(verdict.verdict()).isEqualTo(Outcome.VACUOUS);
    assertThat(verdict.sentence()).contains("kill-owner of w1");
  }

  @Test
  void skippedFaultsAreListedAndDecideNothing() {
    run.faults(List.of(FaultLine.skipped("N1", "partition", "no nftables")));
    Verdict verdict = judge();
    assertThat(verdict.verdict()).isEqualTo(Outcome.PASS);
    assertThat(verdict.skipped()).hasSize(1);
    assertThat(verdict.faults()).isEmpty();
    assertThat(verdict.sentence()).endsWith("without any fault.");
  }

  @Test
  void aHarnessThatFellBehindSaysNothingAboutTheApp() {
    run.facts(facts -> facts.loaded(facts.loadStart(), facts.loadEnd() + 60_000, facts.sent()));
    Verdict verdict = judge();
    assertThat(verdict.verdict()).isEqualTo(Outcome.HARNESS_ERROR);
    assertThat(verdict.harnessErrors()).hasSize(1);
  }

  @Test
  void anAppThatNeverDrainedFails() {
    run.facts(facts -> facts.ended(true, 0, facts.endedAt(), List.of()));
    assertThat(property("drain").status()).isEqualTo(Status.FAIL);
  }

  @Test
  void underAtLeastOnceARepetitionNeedsAnEndedWorker() {
    UnaryOperator<RunFacts> atLeastOnce = WrittenRun.judgedAs(Guarantee.AT_LEAST_ONCE);
    List<LogRecord> colors = app.counts.list(busy());
    LogRecord after = colors.getLast();
    colors.add(after);
    app.counts.renumber(busy());
    run.facts(atLeastOnce);
    Property right = property("output-at-least-once:color-counts");
    assertThat(right.status()).isEqualTo(Status.PASS);
    assertThat(right.detail()).contains("1 records are repetitions");
    colors.add(1, colors.getFirst());
    app.counts.renumber(busy());
    assertThat(property("output-at-least-once:color-counts").anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("unexplained-duplicate");
    colors.removeFirst();
    colors.removeFirst();
    assertThat(property("output-at-least-once:color-counts").anomalies())
        .extracting(Anomaly::kind)
        .contains("lost");
  }

  @Test
  void aTopicThatWasNeverObservedIsUnknown() {
    run.without("color-counts");
    assertThat(property("output-exact:color-counts").status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void aDamagedHistoryLeavesTheOtherPropertiesStanding() throws Exception {
    var directory = run.write(runs);
    Path file = directory.log("colors", busy());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
    Verdict verdict = Judge.judge(directory.path()).verdict();
    assertThat(verdict.verdict()).isEqualTo(Outcome.HARNESS_ERROR);
    assertThat(property(verdict, "stream-exact:colors").status()).isEqualTo(Status.UNKNOWN);
    assertThat(property(verdict, "platform-log:words").status()).isEqualTo(Status.PASS);
  }

  @Test
  void aForeignDirectoryIsNotARun() {
    assertThatThrownBy(() -> Judge.judge(runs))
        .isInstanceOf(NotARunDirectory.class)
        .hasMessageContaining("expected env.json");
    assertThatThrownBy(() -> Judge.judge(runs.resolve("none")))
        .isInstanceOf(NotARunDirectory.class);
  }

  private void assertFails(String name, String kind, LogRecord record) {
    Verdict verdict = judge();
    Property property = property(verdict, name);
    assertThat(verdict.verdict()).isEqualTo(Outcome.FAIL);
    assertThat(property.anomalies()).extracting(Anomaly::kind).contains(kind);
    List<Anomaly> named =
        property.anomalies().stream()
            .filter(a -> a.kind().equals(kind))
            .filter(a -> a.sentence().contains("#" + app.plan.indexOf(record.id()) + " "))
            .toList();
    assertThat(named).as(property.toString()).isNotEmpty();
    if (!name.startsWith("platform")) {
      assertThat(named.getFirst().sentence())
          .contains("ey " + new String(Objects.requireNonNull(record.key()), UTF_8));
    }
  }

  private Property property(String name) {
    return property(judge(), name);
  }

  private static Property property(Verdict verdict, String name) {
    return verdict.properties().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Verdict judge() {
    return Judge.judge(run.write(runs).path()).verdict();
  }

  /// The partition that holds most colours.
  private int busy() {
    int busy = 0;
    for (int p = 1; p < app.partitions; p++) {
      busy = app.colors.list(p).size() > app.colors.list(busy).size() ? p : busy;
    }
    return busy;
  }

  /// The next record of the same key and input partition.
  private int next(List<LogRecord> records, int at) {
    LogRecord first = records.get(at);
    for (int i = at + 1; i < records.size(); i++) {
      LogRecord r = records.get(i);
      if (Arrays.equals(r.key(), first.key())
          && app.plan.partitionOf(r.id()) == app.plan.partitionOf(first.id())) {
        return i;
      }
    }
    throw new IllegalStateException("no such record");
  }

  private long colorAfterTheKill() {
    long index = app.plan.count() / 2 + 10;
    while (!app.plan.isColor(app.plan.id(index))) {
      index++;
    }
    return index;
  }

  private static UnaryOperator<LogRecord> later(Duration shift) {
    return r ->
        new LogRecord(
            r.partition(),
            r.offset(),
            r.timestamp(),
            r.observedAt() + shift.toMillis(),
            r.key(),
            r.value(),
            r.hasId(),
            r.id(),
            r.lineage());
  }

  private static LoadPlan plan() {
    return new LoadPlan(LoadShape.uniform(42, 200, Duration.ofSeconds(10), 4, "css"));
  }
}
