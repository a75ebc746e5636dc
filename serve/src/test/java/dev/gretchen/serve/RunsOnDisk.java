package dev.gretchen.serve;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Directories of runs as `./gretchen verify` leaves them, with reports and without histories. Each
/// begins a minute after the one before.
public final class RunsOnDisk {

  /// When the first of them began: 2026-02-03 14:05:06 UTC.
  public static final long START = 1_770_127_506_000L;

  public static final long EVENTS = 10_000;

  private static final long MINUTE = 60_000;
  private static final long MIB = 1 << 20;

  private final Path runs;
  private String app = "word-colors";
  private String commit = "abc123def456";
  private long next = START;

  public RunsOnDisk(Path runs) {
    this.runs = runs;
  }

  /// The runs from now on are of an app.
  public RunsOnDisk of(String name) {
    app = name;
    return this;
  }

  /// The runs from now on are at a commit.
  public RunsOnDisk at(String name) {
    commit = name;
    return this;
  }

  /// Where a run of a seed lies, below the folder of all runs.
  public static String path(String app, long seed) {
    return app + "/run-" + seed;
  }

  /// One that has begun and has no verdict.
  public Path begun(long seed) throws IOException {
    Path path = runs.resolve(path(app, seed));
    Files.createDirectories(path.resolve("logs"));
    Path descriptor = path.resolve("descriptor.yaml");
    Files.writeString(descriptor, "name: " + app + "\n");
    facts(seed).write(new RunDirectory(path), descriptor);
    next += MINUTE;
    return path;
  }

  private RunFacts facts(long seed) {
    LoadShape load = new LoadShape(seed, 1_000, Duration.ofSeconds(10), 8, "synthetic:10", 0);
    return RunFacts.before(app, load, Guarantee.EXACTLY_ONCE, Guarantee.EXACTLY_ONCE)
        .askedBy(List.of("./gretchen", "verify", app))
        .atCommit(commit)
        .loaded(next, next + 10_000, EVENTS)
        .ended(true, next + 12_500, next + 13_000, List.of());
  }

  /// One with a kill, after which what its victim held was silent for so long beyond the usual.
  public Path passed(long seed, long silence) throws IOException {
    Property held =
        Property.of("output-exact:colors", Section.SAFETY, EVENTS, "all held", List.of(), 0);
    return judged(seed, silence, Outcome.PASS, "it held what it promised", held);
  }

  /// One that doubled an event, with a sentence.
  public Path failed(long seed, String sentence) throws IOException {
    Anomaly anomaly = new Anomaly("doubled", sentence, List.of(), next + 1_500);
    Property broken =
        Property.of("output-exact:colors", Section.SAFETY, EVENTS, "", List.of(anomaly), 3);
    return judged(seed, 500, Outcome.FAIL, sentence, broken);
  }

  private Path judged(long seed, long silence, Outcome outcome, String sentence, Property property)
      throws IOException {
    long at = next;
    Path path = begun(seed);
    FaultOutcome kill =
        new FaultOutcome(
            "P1",
            "kill-owner",
            "w1",
            at + 1_000,
            at + 2_000,
            true,
            1,
            "its pid is gone",
            Map.of("detected", 5L, "firstOutput", silence + 100),
            Map.of("owned", silence + 100, "others", 120L, "usual", 100L));
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            outcome,
            sentence,
            seed,
            app,
            "exactly-once",
            "exactly-once",
            at,
            at + 13_000,
            EVENTS,
            "00",
            "00",
            List.of(property),
            List.of(kill),
            List.of(),
            List.of(),
            List.of(level(ServiceLevel.WHOLE, 98), level("during", 90)),
            List.of(),
            List.of());
    Files.writeString(path.resolve("verdict.json"), VerdictJson.write(verdict));
    Timeline timeline = new Timeline(at, at + 13_000, List.of(), List.of(), List.of());
    Reports.write(path, verdict, timeline);
    Files.writeString(path.resolve("logs/w1.log"), "w1 says <b>something</b>\n");
    try (JsonLines.Writer<MemorySample> memory =
        new JsonLines.Writer<>(new RunDirectory(path).memory())) {
      memory.append(new MemorySample(at, "w1", 200 * MIB));
    }
    return path;
  }

  private static ServiceLevel level(String stretch, long up) {
    return new ServiceLevel(
        "colors", ServiceLevel.ALL, stretch, EVENTS, 0, EVENTS, 100, up, 900, 12, 345, 600, 900);
  }
}
