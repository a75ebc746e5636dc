package dev.gretchen.verifier.record;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes directories of runs with verdicts and without histories.
public final class RecordedRuns {

  static final long EVENTS = 1_000;
  static final long P99 = 77;

  private static final String PROPERTY = "output-exact:color-counts";

  private final Path runs;
  private final String prefix;
  private String commit = "";

  public RecordedRuns(Path runs) {
    this(runs, "run");
  }

  /// @param prefix of the names of their directories, which end in their seeds
  public RecordedRuns(Path runs, String prefix) {
    this.runs = runs;
    this.prefix = prefix;
  }

  /// The runs from now on are of an app at a commit.
  RecordedRuns at(String name) {
    commit = name;
    return this;
  }

  /// One that has begun and has no verdict.
  public Path begun(String app, long seed, long startedAt) throws IOException {
    Path path = runs.resolve(app).resolve(prefix + "-" + seed);
    Files.createDirectories(path);
    Path descriptor = path.resolve("descriptor.yaml");
    Files.writeString(descriptor, "name: " + app + "\n");
    LoadShape load = new LoadShape(seed, 10, Duration.ofSeconds(1), 4, "basic", 0);
    RunFacts.before(app, load, Guarantee.EXACTLY_ONCE, Guarantee.EXACTLY_ONCE)
        .loaded(startedAt, startedAt + 1_000, EVENTS)
        .ended(true, startedAt + 2_000, startedAt + 2_000, List.of())
        .atCommit(commit)
        .write(new RunDirectory(path), descriptor);
    return path;
  }

  public Path passed(String app, long seed, long startedAt) throws IOException {
    return with(app, seed, startedAt, List.of());
  }

  /// One that passed, with faults of which each had its effect.
  public Path proving(String app, long seed, long startedAt, List<String> kinds)
      throws IOException {
    return with(
        app,
        seed,
        startedAt,
        kinds.stream().map(kind -> fault(kind, startedAt + 500, Map.of())).toList());
  }

  Path with(String app, long seed, long startedAt, List<FaultOutcome> faults) throws IOException {
    Property held = Property.of(PROPERTY, Section.SAFETY, EVENTS, "all held", List.of(), 0);
    return judged(app, seed, startedAt, Outcome.PASS, held, faults);
  }

  /// One with an anomaly, and a kill half a second after its start.
  public Path failed(String app, long seed, long startedAt, String kind, long anomalyAt)
      throws IOException {
    Anomaly anomaly = new Anomaly(kind, "an event of seed " + seed, List.of(), anomalyAt);
    Property broken = Property.of(PROPERTY, Section.SAFETY, EVENTS, "", List.of(anomaly), 3);
    return judged(
        app,
        seed,
        startedAt,
        Outcome.FAIL,
        broken,
        List.of(fault("kill-owner", startedAt + 500, Map.of())));
  }

  public Path undecided(String app, long seed, long startedAt) throws IOException {
    Property open = Property.unknown(PROPERTY, Section.SAFETY, 1, "too little was seen");
    return judged(app, seed, startedAt, Outcome.UNKNOWN, open, List.of());
  }

  static FaultOutcome fault(String kind, long at, Map<String, Long> silence) {
    return new FaultOutcome("P1", kind, "w1", at, at + 100, true, 1, "seen", Map.of(), silence);
  }

  private Path judged(
      String app,
      long seed,
      long startedAt,
      Outcome outcome,
      Property property,
      List<FaultOutcome> faults)
      throws IOException {
    Path path = begun(app, seed, startedAt);
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            outcome,
            "it ended as " + outcome,
            seed,
            app,
            "exactly-once",
            "exactly-once",
            startedAt,
            startedAt + 2_000,
            EVENTS,
            "00",
            "00",
            List.of(property),
            faults,
            List.of(),
            List.of(),
            List.of(service("color-counts", 80, P99), service("color-minutes", 50, P99 - 1)),
            List.of(),
            List.of());
    Files.writeString(path.resolve("verdict.json"), VerdictJson.write(verdict));
    return path;
  }

  private static ServiceLevel service(String topic, long up, long p99) {
    return new ServiceLevel(
        topic,
        ServiceLevel.ALL,
        ServiceLevel.WHOLE,
        EVENTS,
        0,
        EVENTS,
        100,
        up,
        0,
        1,
        p99,
        p99,
        p99);
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
