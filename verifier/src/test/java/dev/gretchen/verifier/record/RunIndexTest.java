package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.truth.CpuSample;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIndexTest {

  @TempDir private Path runs;
  private RecordedRuns recorded;

  @BeforeEach
  void begin() {
    recorded = new RecordedRuns(runs);
  }

  @Test
  void listsRunsTheLatestFirst() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    recorded.passed("word-colors", 2, 3_000);
    recorded.passed("order-enrichment", 3, 2_000);

    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).isEqualTo(3);

      assertThat(index.find(RunFilter.ALL, 10))
          .extracting(RunEntry::seed)
          .containsExactly(2L, 3L, 1L);
      assertThat(index.find(RunFilter.ALL, 1)).extracting(RunEntry::seed).containsExactly(2L);
      RunEntry entry = index.find(RunFilter.ALL.ofSeed(3L), 10).getFirst();
      assertThat(entry.path()).isEqualTo("order-enrichment/run-3");
      assertThat(entry.outcome()).isEqualTo(Outcome.PASS);
      assertThat(entry.events()).isEqualTo(RecordedRuns.EVENTS);
      assertThat(entry.availability()).isEqualTo(0.5);
      assertThat(entry.p99Millis()).isEqualTo(RecordedRuns.P99);
    }
  }

  @Test
  void filters() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    recorded.failed("word-colors", 2, 2_000, "doubled", 2_500);
    recorded.passed("order-enrichment", 3, 3_000);

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      assertThat(seeds(index, RunFilter.ALL.ofApp("word-colors"))).containsExactly(2L, 1L);
      assertThat(seeds(index, RunFilter.ALL.endedAs(Set.of(Outcome.FAIL)))).containsExactly(2L);
      assertThat(seeds(index, RunFilter.ALL.endedAs(Set.of(Outcome.FAIL, Outcome.PASS))))
          .containsExactly(3L, 2L, 1L);
      assertThat(seeds(index, RunFilter.ALL.withFault("kill-owner"))).containsExactly(2L);
      assertThat(seeds(index, RunFilter.ALL.withFault("pause"))).isEmpty();
      assertThat(seeds(index, RunFilter.ALL.withViolation("output-exact"))).containsExactly(2L);
      assertThat(seeds(index, RunFilter.ALL.withViolation("output_exact"))).isEmpty();
      assertThat(seeds(index, RunFilter.ALL.since(2_000))).containsExactly(3L, 2L);
      assertThat(seeds(index, RunFilter.ALL.ofApp("word-colors").since(2_000))).containsExactly(2L);
    }
  }

  @Test
  void leavesOutRunsOfCanaries() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    Path folder = Files.createDirectories(runs.resolve("soak").resolve("one"));
    new RecordedRuns(folder).passed("word-colors", 2, 2_000);
    new RecordedRuns(folder.resolve("canaries")).failed("word-colors", 3, 3_000, "doubled", 3_500);

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();
      assertThat(seeds(index, RunFilter.ALL)).containsExactly(2L, 1L);
      assertThat(index.failureRate(RunFilter.ALL).failed()).isZero();
    }
    assertThat(RecordedRun.canariesBelow(runs))
        .extracting(run -> run.entry().seed())
        .containsExactly(3L);
  }

  @Test
  void takesInWhatHasChangedAndNothingElse() throws Exception {
    Path first = recorded.passed("word-colors", 1, 1_000);
    recorded.passed("word-colors", 2, 2_000);
    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).isEqualTo(2);
      assertThat(index.refresh()).isZero();
    }

    recorded.failed("word-colors", 1, 1_000, "lost", 1_500);
    recorded.passed("word-colors", 3, 3_000);
    RecordedRuns.delete(runs.resolve("word-colors/run-2"));
    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).as("judged again, new, gone").isEqualTo(3);

      assertThat(seeds(index, RunFilter.ALL)).containsExactly(3L, 1L);
      assertThat(seeds(index, RunFilter.ALL.endedAs(Set.of(Outcome.FAIL)))).containsExactly(1L);
      assertThat(first).isDirectory();
    }
  }

  @Test
  void knowsARunWithoutVerdictUntilItHasOne() throws Exception {
    recorded.begun("word-colors", 1, 1_000);
    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();
      RunEntry entry = index.find(RunFilter.ALL, 1).getFirst();
      assertThat(entry.outcome()).isNull();
      assertThat(entry.sentence()).contains("./gretchen judge");
      assertThat(index.outcomes(RunFilter.ALL)).isEmpty();

      recorded.passed("word-colors", 1, 1_000);
      index.refresh();
      assertThat(index.outcomes(RunFilter.ALL)).isEqualTo(Map.of(Outcome.PASS, 1L));
    }
  }

  /// Whoever asks for the last day must find what goes on now.
  @Test
  void knowsWhenARunWasMadeThatHasNotBegunItsLoad() throws Exception {
    Path begun = recorded.begun("word-colors", 1, 0);
    Files.move(begun, begun.resolveSibling("20260203T140506Z-1"));
    recorded.begun("word-colors", 2, 0);
    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      long made = Instant.parse("2026-02-03T14:05:06Z").toEpochMilli();
      assertThat(index.find(RunFilter.ALL.since(made), 9))
          .singleElement()
          .returns(made, RunEntry::startedAt)
          .returns(1L, RunEntry::seed);
      assertThat(index.find(RunFilter.ALL.ofSeed(2L), 1).getFirst().startedAt())
          .as("a directory of another name does not tell")
          .isZero();
    }
  }

  @Test
  void saysWhyAVerdictCannotBeRead() throws Exception {
    Path run = recorded.passed("word-colors", 1, 1_000);
    Files.writeString(run.resolve("verdict.json"), "{\"schema\": ");
    Path old = recorded.passed("word-colors", 2, 2_000);
    Path verdict = old.resolve("verdict.json");
    Files.writeString(
        verdict, Files.readString(verdict).replace("gretchen.verdict/1", "gretchen.verdict/0"));

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      assertThat(index.find(RunFilter.ALL, 10))
          .extracting(RunEntry::sentence)
          .satisfiesExactly(
              second -> assertThat(second).contains("gretchen.verdict/1, found gretchen.verdict/0"),
              first -> assertThat(first).contains("cannot be read", "judge it again"));
    }
  }

  @Test
  void countsTheSameViolationOfManyRunsOnce() throws Exception {
    recorded.failed("word-colors", 1, 1_000, "doubled", 1_500);
    recorded.failed("word-colors", 2, 2_000, "doubled", 2_500);
    recorded.failed("word-colors", 3, 3_000, "doubled", 0);
    recorded.failed("word-colors", 4, 4_000, "lost", 4_500);

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      List<Violation> violations = index.violations(RunFilter.ALL);
      assertThat(violations)
          .extracting(Violation::fingerprint)
          .containsExactly(
              "output-exact:color-counts doubled after kill-owner",
              "output-exact:color-counts lost after kill-owner",
              "output-exact:color-counts doubled");
      Violation first = violations.getFirst();
      assertThat(first.runs()).isEqualTo(2);
      assertThat(first.firstAt()).isEqualTo(1_000);
      assertThat(first.lastAt()).isEqualTo(2_000);
      assertThat(first.lastPath()).isEqualTo("word-colors/run-2");
      assertThat(first.example()).contains("seed 2");
      assertThat(index.failureRate(RunFilter.ALL).failed()).isEqualTo(4);
    }
  }

  @Test
  void addsUpTakeoversByKindOfFault() throws Exception {
    for (int i = 1; i <= 10; i++) {
      recorded.with(
          "word-colors", i, i * 1_000L, List.of(fault("kill-owner", i * 1_000L, i * 100L)));
    }
    recorded.with("word-colors", 11, 11_000, List.of(fault("short-pause", 11_000, null)));

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      assertThat(index.faults(RunFilter.ALL))
          .extracting(FaultFigures::kind)
          .containsExactly("kill-owner", "short-pause");
      FaultFigures kills = index.faults(RunFilter.ALL).getFirst();
      assertThat(kills.times()).isEqualTo(10);
      // usual is 100: the silences beyond it are 0, 100, ... 900
      assertThat(kills.silence()).isEqualTo(new Percentiles(10, 400, 800, 900, 900));
      assertThat(index.faults(RunFilter.ALL).getLast().silence().count()).isZero();
    }
  }

  @Test
  void followsNoLinks() throws Exception {
    Path run = recorded.passed("word-colors", 1, 1_000);
    Files.createSymbolicLink(run.resolveSibling("latest"), run.getFileName());

    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).isEqualTo(1);
    }
  }

  @Test
  void isMadeAnewWhereItIsDamaged() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    Files.writeString(
        runs.resolve(".record.db"),
        "this is no database at all".repeat(100),
        StandardCharsets.UTF_8);

    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).isEqualTo(1);
      assertThat(seeds(index, RunFilter.ALL)).containsExactly(1L);
    }
  }

  @Test
  void isRebuiltFromTheDirectoriesAlone() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    recorded.failed("word-colors", 2, 2_000, "lost", 2_500);
    RunsAnswer before;
    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();
      before = RunsAnswer.of(index, RunFilter.ALL, 10);
    }
    Files.delete(runs.resolve(".record.db"));

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();
      assertThat(RunsAnswer.of(index, RunFilter.ALL, 10)).isEqualTo(before);
      assertThat(index.rebuild()).isEqualTo(2);
      assertThat(RunsAnswer.of(index, RunFilter.ALL, 10)).isEqualTo(before);
    }
  }

  @Test
  void twoMayHaveItOpen() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    try (RunIndex one = RunIndex.open(runs);
        RunIndex other = RunIndex.open(runs)) {
      one.refresh();
      assertThat(seeds(other, RunFilter.ALL)).containsExactly(1L);
      recorded.passed("word-colors", 2, 2_000);
      other.refresh();
      assertThat(seeds(one, RunFilter.ALL)).containsExactly(2L, 1L);
    }
  }

  /// The driver calls a transaction begun that another process did not let it begin: whoever
  /// believes it writes without one from then on, and half a run may stay for ever.
  @Test
  void takesRunsInWholeAlsoAfterAnotherHadItLockedForTooLong() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    try (RunIndex index = RunIndex.open(runs, Duration.ofMillis(50));
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + runs + "/.record.db");
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(index::refresh).isInstanceOf(EnvironmentFailure.class);
      statement.execute("ROLLBACK");

      statement.execute(
          "CREATE TRIGGER full BEFORE INSERT ON property"
              + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
      assertThatThrownBy(index::refresh).hasMessageContaining("the disk is full");
      assertThat(seeds(index, RunFilter.ALL)).as("no run without its properties").isEmpty();

      statement.execute("DROP TRIGGER full");
      assertThat(index.refresh()).isEqualTo(1);
      assertThat(seeds(index, RunFilter.ALL)).containsExactly(1L);
    }
  }

  @Test
  void namesAFolderThatIsNotThere() {
    assertThatThrownBy(() -> RunIndex.open(runs.resolve("none")))
        .isInstanceOf(NotARunDirectory.class)
        .hasMessageContaining("none is not a folder of runs");
  }

  @Test
  void filtersByCommitAndByTheEndOfATime() throws Exception {
    recorded.at("abc123").passed("word-colors", 1, 1_000);
    recorded.at("abd456+").passed("word-colors", 2, 2_000);
    recorded.at("").passed("word-colors", 3, 3_000);

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      assertThat(seeds(index, RunFilter.ALL.atCommit("ab"))).containsExactly(2L, 1L);
      assertThat(seeds(index, RunFilter.ALL.atCommit("abc123"))).containsExactly(1L);
      assertThat(seeds(index, RunFilter.ALL.atCommit("%"))).isEmpty();
      assertThat(seeds(index, RunFilter.ALL.until(2_000))).containsExactly(1L);
      assertThat(seeds(index, RunFilter.ALL.since(2_000).until(3_000))).containsExactly(2L);
      assertThat(index.choices())
          .isEqualTo(new Choices(List.of("word-colors"), List.of(), List.of("abd456+", "abc123")));
    }
  }

  @Test
  void knowsWhatWasMeasuredOfARun() throws Exception {
    Path run = recorded.at("abc").passed("word-colors", 1, 1_000);
    RunDirectory directory = new RunDirectory(run);
    try (JsonLines.Writer<MemorySample> memory = new JsonLines.Writer<>(directory.memory())) {
      memory.append(new MemorySample(1_000, "w1", 7_000));
      memory.append(new MemorySample(2_000, "w1", 6_000));
    }
    try (JsonLines.Writer<CpuSample> cpu = new JsonLines.Writer<>(directory.cpu())) {
      cpu.append(new CpuSample(1_000, "w1", 700));
      cpu.append(new CpuSample(2_000, "w1", 705));
    }
    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      RunEntry entry = index.find(RunFilter.ALL, 1).getFirst();
      assertThat(entry.commit()).isEqualTo("abc");
      assertThat(entry.figures())
          .isEqualTo(new RunFigures(500, 1, 7_000, RunEntry.NOT_MEASURED, 5_000));
      assertThat(index.trend(RunFilter.ALL, Grouping.COMMIT, 10))
          .extracting(Trend::residentMaxBytes)
          .containsExactly(7_000L);
    }
  }

  @Test
  void followsFaultsFromCommitToCommit() throws Exception {
    recorded.at("c1").with("word-colors", 1, 1_000, List.of(fault("kill-owner", 1_100, 300L)));
    recorded.at("c2").with("word-colors", 2, 2_000, List.of(fault("kill-owner", 2_100, 700L)));

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      assertThat(index.trend(RunFilter.ALL, Grouping.COMMIT, 10))
          .extracting(trend -> trend.faults().getFirst().silence().p50())
          .containsExactly(200L, 600L);
      assertThat(index.trend(RunFilter.ALL, Grouping.COMMIT, 1))
          .extracting(Trend::group)
          .containsExactly("c2");
    }
  }

  @Test
  void findsARunByItsId() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    recorded.begun("word-colors", 2, 2_000);

    try (RunIndex index = RunIndex.open(runs)) {
      index.refresh();

      RunEntry entry = index.withId("word-colors~run-1").orElseThrow();
      assertThat(entry.id()).isEqualTo("word-colors~run-1");
      assertThat(index.read(entry).orElseThrow().verdict()).isPresent();
      assertThat(index.withId("..~run-1")).isEmpty();
      assertThat(index.withoutVerdict(10))
          .extracting(RunEntry::path)
          .containsExactly("word-colors/run-2");
    }
  }

  /// As an older Gretchen left it.
  @Test
  void isMadeAnewWhereItsTablesAreOfAnotherVersion() throws Exception {
    recorded.passed("word-colors", 1, 1_000);
    try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + runs.resolve(".record.db"));
        Statement statement = old.createStatement()) {
      statement.executeUpdate("CREATE TABLE run (id INTEGER PRIMARY KEY, path TEXT)");
      statement.executeUpdate("INSERT INTO run (path) VALUES ('long/gone')");
      statement.executeUpdate("PRAGMA user_version = 1");
    }

    try (RunIndex index = RunIndex.open(runs)) {
      assertThat(index.refresh()).isEqualTo(1);
      assertThat(seeds(index, RunFilter.ALL)).containsExactly(1L);
    }
  }

  private static List<Long> seeds(RunIndex index, RunFilter filter) {
    return index.find(filter, 100).stream().map(RunEntry::seed).toList();
  }

  private static FaultOutcome fault(String kind, long at, @Nullable Long owned) {
    return RecordedRuns.fault(
        kind, at, owned == null ? Map.of() : Map.of("owned", owned, "others", 90L, "usual", 100L));
  }
}
