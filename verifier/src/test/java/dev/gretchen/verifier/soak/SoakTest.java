package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.Judge;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RecordedRuns;
import dev.gretchen.verifier.run.Screen;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import dev.gretchen.verifier.verdict.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A soak on a runner that makes directories of runs and no runs.
class SoakTest {

  private static final String CAMPAIGN =
      """
      schema: gretchen.campaign/1
      name: mine
      runs: 5
      round: 5
      canaries: [mutants/some.yaml]
      apps:
        word-colors: {for: 5s, templates: [kill]}
      """;

  @TempDir private Path runs;
  private SoakFolder folder = new SoakFolder(Path.of("."));
  private final Fake fake = new Fake();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void begin() {
    folder = SoakFolder.create(runs, CAMPAIGN, 7, Duration.ZERO, Instant.ofEpochSecond(1_000));
  }

  @Test
  void makesAllRunsAndSaysALineOfEach() throws Exception {
    assertThat(soak()).isEqualTo("all 5 runs of the campaign are done");

    SoakResult result = result();
    assertThat(result.outcome()).isEqualTo(Outcome.PASS);
    assertThat(result.runs()).hasSize(4).allMatch(Ended::good);
    assertThat(result.caught()).isEqualTo(1);
    assertThat(result.rate().bound()).isBetween(0.52, 0.53);
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .hasSize(5)
        .first()
        .asString()
        .startsWith("#1    caught        mutants/some.yaml canary, kill-after-sends; seed ");
    assertThat(folder.isSoak()).isTrue();
    assertThat(RecordedRun.below(runs)).hasSize(4);
    assertThat(RecordedRun.canariesBelow(runs)).hasSize(1);
    assertThat(SoakText.summary(result, folder.path()))
        .startsWith(
            "PASS  4 runs: 4 PASS; 1 of 1 canary caught.\nWith 95 % confidence, at most 52.7");
  }

  @Test
  void aCanaryThatIsNotCaughtTakesAllMeaningFromTheRest() throws Exception {
    fake.ends.put(1, Outcome.PASS);

    soak();

    assertThat(result().outcome()).isEqualTo(Outcome.FAIL);
    assertThat(SoakText.summary(result(), folder.path()))
        .startsWith("NOT CAUGHT  canaries/word-colors/run-");
  }

  @Test
  void namesTheRunThatFailed() throws Exception {
    fake.ends.put(3, Outcome.FAIL);

    soak();

    assertThat(result().outcome()).isEqualTo(Outcome.FAIL);
    assertThat(SoakText.summary(result(), folder.path()))
        .startsWith("FAIL  word-colors/run-")
        .contains("4 runs: 3 PASS, 1 FAIL");
  }

  /// SIGKILL in the middle of a run: what it left is removed, and the run is made again.
  @Test
  void makesAgainWhatWasKilledInTheMiddle() throws Exception {
    fake.killAt = 3;
    assertThatThrownBy(this::soak).isInstanceOf(Killed.class);
    assertThat(RecordedRun.below(runs)).hasSize(2);

    fake.killAt = 0;
    soak();

    assertThat(fake.made).containsExactly(1, 2, 3, 3, 4, 5);
    assertThat(RecordedRun.below(runs)).hasSize(4).allMatch(run -> run.verdict().isPresent());
    assertThat(result().outcome()).isEqualTo(Outcome.PASS);
  }

  /// SIGKILL between a run's verdict and the journal: the verdict counts, and is no lost evidence.
  @Test
  void takesInTheVerdictOfWhatWasKilledAfterIt() throws Exception {
    fake.ends.put(3, Outcome.FAIL);
    fake.killAfter = 3;
    assertThatThrownBy(this::soak).isInstanceOf(Killed.class);

    fake.killAfter = 0;
    soak();

    assertThat(fake.made).containsExactly(1, 2, 3, 4, 5);
    assertThat(result().failed()).hasSize(1);
    assertThat(RecordedRun.below(runs)).hasSize(4);
  }

  /// Cut off anywhere behind its first line, further than any crash could: it comes to the same
  /// end.
  @Test
  void goesOnWhereverItsJournalIsCutOff() throws Exception {
    soak();
    Path journal = folder.path().resolve(Journal.FILE);
    String whole = Files.readString(journal);
    for (int cut = whole.indexOf('\n') + 1; cut < whole.length(); cut += 61) {
      Files.writeString(journal, whole.substring(0, cut));
      fake.made.clear();

      soak();

      assertThat(result().runs()).as("cut at %d", cut).hasSize(4).allMatch(Ended::good);
      assertThat(result().caught()).isEqualTo(1);
      assertThat(RecordedRun.below(runs)).hasSize(4);
    }
  }

  @Test
  void anInterruptLeavesNoHalfRunAndTheSoakCanGoOn() throws Exception {
    fake.interruptAt = 4;
    assertThatThrownBy(this::soak).isInstanceOf(InterruptedException.class);

    assertThat(RecordedRun.below(runs)).hasSize(2);
    assertThat(result().outcome()).isEqualTo(Outcome.PASS);
    assertThat(result().runs()).hasSize(2);

    fake.interruptAt = 0;
    soak();
    assertThat(fake.made).containsExactly(1, 2, 3, 4, 4, 5);
    assertThat(result().runs()).hasSize(4);
  }

  @Test
  void triesOnceMoreWhatWasNotDecidedAndKeepsBoth() throws Exception {
    fake.ends.put(2, Outcome.UNKNOWN);

    soak();

    assertThat(fake.made).containsExactly(1, 2, 2, 3, 4, 5);
    assertThat(result().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(RecordedRun.below(runs)).hasSize(5);
  }

  @Test
  void endsWhereNoRunSaysAnything() throws Exception {
    fake.speechless = true;

    assertThat(soak())
        .isEqualTo("3 runs in a row said nothing, the last because: no broker answers");
    assertThat(result().outcome()).isEqualTo(Outcome.HARNESS_ERROR);
    assertThat(result().missed()).isEmpty();

    // somebody has seen to it
    fake.speechless = false;
    soak();
    assertThat(result().runs()).hasSize(4).allMatch(Ended::good);
  }

  @Test
  void removesTheHistoriesOfOldCleanRunsAndNoEvidence() throws Exception {
    fake.historyBytes = 300_000_000;
    fake.ends.put(3, Outcome.FAIL);
    Files.writeString(folder.path().resolve("campaign.yaml"), CAMPAIGN + "disk-gb: 1\n");

    soak();

    List<Ended> ended =
        entries().stream().filter(Ended.class::isInstance).map(Ended.class::cast).toList();
    assertThat(ended).hasSize(5);
    assertThat(ended.stream().filter(each -> isThinned(each)).map(Ended::run).toList())
        .containsExactly(2, 4);
    Path thinned = folder.path().resolve(ended.get(1).directory());
    assertThat(thinned.resolve("verdict.json")).exists();
    assertThatThrownBy(() -> Judge.judge(thinned))
        .isInstanceOf(NotARunDirectory.class)
        .hasMessageContaining("cannot be judged again: its history was removed");
  }

  @Test
  void leavesWhatTheRecordTellsLeaksBy() throws Exception {
    fake.historyBytes = 400_000_000;
    fake.memory = true;
    Files.writeString(folder.path().resolve("campaign.yaml"), CAMPAIGN + "disk-gb: 1\n");

    soak();

    List<Path> thinned =
        entries().stream()
            .filter(Ended.class::isInstance)
            .map(each -> folder.path().resolve(((Ended) each).directory()))
            .filter(each -> Files.exists(new RunDirectory(each).thinned()))
            .toList();
    assertThat(thinned).isNotEmpty();
    assertThat(thinned)
        .allSatisfy(each ->
            assertThat(new RunDirectory(each).history())
                .isDirectoryContaining("glob:**memory.ndjson")
                .isDirectoryNotContaining("glob:**0.log"));
  }

  @Test
  void canBeLookedAtWhileItGoesOn() throws Exception {
    fake.killAt = 3;
    assertThatThrownBy(this::soak).isInstanceOf(Killed.class);

    // its journal is another's, who goes on
    try (Journal _ = Journal.open(folder.path())) {
      SoakStatus status = SoakStatus.of(folder);
      assertThat(status.name()).isEqualTo(folder.path().getFileName().toString());
      assertThat(status.campaign()).isEqualTo("mine");
      assertThat(status.seed()).isEqualTo(7);
      assertThat(status.underWay()).startsWith("#3 word-colors");
      assertThat(status.over()).isNull();
      assertThat(status.share()).isEqualTo(0.4);
      assertThat(status.result().runs()).hasSize(1);
    }
    fake.killAt = 0;
    soak();
    assertThat(SoakStatus.of(folder).over()).isEqualTo("all 5 runs of the campaign are done");
    assertThat(SoakStatus.of(folder).underWay()).isNull();
    assertThat(SoakFolder.below(runs)).containsExactly(folder);
    assertThat(SoakFolder.below(runs.resolve("none"))).isEmpty();
  }

  private boolean isThinned(Ended ended) {
    RunDirectory run = new RunDirectory(folder.path().resolve(ended.directory()));
    assertThat(Files.exists(run.history())).isEqualTo(!Files.exists(run.thinned()));
    return Files.exists(run.thinned());
  }

  @Test
  void saysThatEvidenceFillsItsDisk() throws Exception {
    fake.historyBytes = 300_000_000;
    fake.ends.put(2, Outcome.FAIL);
    fake.ends.put(3, Outcome.FAIL);
    Files.writeString(folder.path().resolve("campaign.yaml"), CAMPAIGN + "disk-gb: 1\n");

    assertThatThrownBy(this::soak)
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("takes 1,200 MB, more than its campaign's disk-gb");
  }

  /// SIGKILL at every run in turn: what was proven is not done again, and nothing is left out.
  @Test
  void goesThroughACatalogueHoweverOftenItIsKilled() throws Exception {
    folder =
        SoakFolder.create(
            runs,
            """
            schema: gretchen.campaign/1
            name: mine
            apps:
              word-colors: {rate: 100, catalogue: {faults: [P1, P2, N16], most: 3}}
            """,
            8,
            Duration.ZERO,
            Instant.ofEpochSecond(2_000));
    String why = "";
    for (int kill = 2; why.isEmpty(); kill++) {
      assertThat(kill).isLessThan(9);
      fake.killAt = kill % 2 == 0 ? kill : 0;
      fake.killAfter = kill % 2 == 0 ? 0 : kill;
      try {
        why = soak();
      } catch (Killed _) {
        // and once more
      }
    }

    assertThat(why).isEqualTo("each kind of the catalogue was tried");
    assertThat(result().outcome()).isEqualTo(Outcome.PASS);
    assertThat(result().runs()).hasSize(4).allMatch(Ended::good);
    assertThat(result().catalogue()).hasSize(8).allMatch(row -> row.isProven() || row.isSkipped());
    assertThat(result().catalogue())
        .filteredOn(Coverage.Row::isProven)
        .allMatch(row -> row.injected() == 1 && row.proven() == 1);
    assertThat(folder.path().resolve("catalogue.md"))
        .content()
        .contains("8 kinds of faults: 7 with a proven effect, 1 SKIPPED, 0 left.");
    assertThat(SoakText.summary(result(), folder.path()))
        .startsWith("P1   kill-worker                    proven 1 of 1  PASS  word-colors/run-")
        .contains("\nPASS  4 runs: 4 PASS");
  }

  @Test
  void saysThatItsFolderTellsNothing() throws IOException {
    Files.writeString(folder.path().resolve(Journal.FILE), "");
    assertThatThrownBy(this::soak).hasMessageContaining("does not say how the soak began");
    assertThat(new SoakFolder(runs).isSoak()).isFalse();
  }

  private String soak() throws InterruptedException {
    Screen screen =
        new Screen(new PrintStream(said, true, StandardCharsets.UTF_8), Screen.Style.LINES);
    try (Journal journal = Journal.open(folder.path())) {
      return new Soak(folder, journal, fake, screen, InstantSource.system()).run();
    }
  }

  private SoakResult result() {
    List<Entry> entries = entries();
    return SoakResult.of(folder.plan(entries), entries);
  }

  private List<Entry> entries() {
    try (Journal journal = Journal.open(folder.path())) {
      return journal.entries();
    }
  }

  /// What SIGKILL is to a process.
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Fake implements Runner {
    private final Map<Integer, Outcome> ends = new HashMap<>();
    private final List<Integer> made = new ArrayList<>();
    private int killAt;
    private int killAfter;
    private int interruptAt;
    private boolean speechless;
    private boolean memory;
    private long historyBytes;

    @Override
    public String run(PlannedRun run, Path runs, Path log, DoubleConsumer tick)
        throws InterruptedException {
      made.add(run.number());
      if (speechless) {
        return "no broker answers";
      }
      boolean again = made.indexOf(run.number()) < made.size() - 1;
      // a directory for each time that it is made, as each has its own time in reality
      String prefix = again ? "run-again" : "run";
      RecordedRuns recorded = new RecordedRuns(runs, prefix);
      try {
        if (run.number() == killAt || run.number() == interruptAt) {
          recorded.begun("word-colors", run.seed(), 1_000L * run.number());
          if (run.number() == killAt) {
            throw new Killed();
          }
          throw new InterruptedException();
        }
        Path directory = end(run, recorded);
        if (historyBytes > 0) {
          sparse(Files.createDirectories(directory.resolve("history")).resolve("0.log"));
          if (memory) {
            Files.writeString(directory.resolve("history/memory.ndjson"), "{\"at\":1}\n");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      tick.accept(1);
      if (run.number() == killAfter) {
        throw new Killed();
      }
      return "done";
    }

    private void sparse(Path file) throws IOException {
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.setLength(historyBytes);
      }
    }

    private Path end(PlannedRun run, RecordedRuns recorded) throws IOException {
      long at = 1_000L * run.number();
      Outcome natural = run.role() == Role.CANARY ? Outcome.FAIL : Outcome.PASS;
      return switch (ends.getOrDefault(run.number(), natural)) {
        case FAIL -> recorded.failed("word-colors", run.seed(), at, "doubled", at + 900);
        case PASS ->
            run.role() == Role.CATALOGUE
                ? recorded.proving(
                    "word-colors", run.seed(), at, List.of(run.faults().split(",", -1)))
                : recorded.passed("word-colors", run.seed(), at);
        case UNKNOWN, VACUOUS, HARNESS_ERROR -> recorded.undecided("word-colors", run.seed(), at);
      };
    }

    @Override
    public void close() {}
  }
}
