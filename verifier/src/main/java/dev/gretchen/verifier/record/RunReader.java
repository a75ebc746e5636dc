package dev.gretchen.verifier.record;

import dev.gretchen.verifier.history.HistoryDamaged;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Reads what the record keeps of a run from its directory: its facts, its verdict and how much
/// memory its workers had, and nothing else of its history, which may have been removed to save
/// room.
final class RunReader {

  private static final double SECOND = 1_000;

  private static final String NO_VERDICT =
      "no verdict: the run goes on, or was broken off; judge it with ./gretchen judge ";

  private RunReader() {}

  /// Reads a run.
  ///
  /// @param path how the record names it
  /// @return empty if it is no run's directory
  static Optional<RecordedRun> read(RunDirectory run, String path) {
    RunFacts facts;
    try {
      facts = RunFacts.read(run);
    } catch (NotARunDirectory _) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(run.verdict())) {
      return Optional.of(without(run, path, facts, NO_VERDICT + run.path()));
    }
    try {
      Verdict verdict = VerdictJson.read(Files.readString(run.verdict()));
      if (!Verdict.SCHEMA.equals(verdict.schema())) {
        return Optional.of(
            without(
                run,
                path,
                facts,
                "verdict.json: expected schema " + Verdict.SCHEMA + ", found " + verdict.schema()));
      }
      return Optional.of(
          new RecordedRun(facts, entry(run, path, facts, verdict), Optional.of(verdict)));
    } catch (JacksonException e) {
      return Optional.of(
          without(
              run,
              path,
              facts,
              "verdict.json cannot be read (%s); judge it again with ./gretchen judge %s"
                  .formatted(e.getOriginalMessage(), run.path())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + run.verdict(), e);
    }
  }

  private static RecordedRun without(RunDirectory run, String path, RunFacts facts, String why) {
    // one that has not begun its load must be found among the latest, too
    long created = run.createdAt().map(Instant::toEpochMilli).orElse(0L);
    return new RecordedRun(
        facts,
        new RunEntry(
            path,
            facts.app(),
            facts.seed(),
            null,
            why,
            facts.judgeAs(),
            facts.loadStart() > 0 ? facts.loadStart() : created,
            facts.endedAt(),
            facts.sent(),
            0,
            0,
            RunEntry.NOT_MEASURED,
            RunEntry.NOT_MEASURED,
            facts.commit(),
            RunFigures.NONE),
        Optional.empty());
  }

  private static RunEntry entry(RunDirectory run, String path, RunFacts facts, Verdict verdict) {
    List<ServiceLevel> streams = verdict.service().stream().filter(RunReader::isOfAll).toList();
    return new RunEntry(
        path,
        verdict.app(),
        verdict.seed(),
        verdict.verdict(),
        verdict.sentence(),
        verdict.judgedAs(),
        verdict.startedAt(),
        verdict.endedAt(),
        verdict.events(),
        (int) verdict.faults().stream().filter(FaultOutcome::proven).count(),
        verdict.faults().stream().mapToInt(FaultOutcome::sigkills).sum(),
        streams.stream()
            .mapToDouble(ServiceLevel::availability)
            .min()
            .orElse(RunEntry.NOT_MEASURED),
        streams.stream().mapToLong(ServiceLevel::p99Millis).max().orElse(RunEntry.NOT_MEASURED),
        facts.commit(),
        figures(run, facts, verdict, streams));
  }

  private static RunFigures figures(
      RunDirectory run, RunFacts facts, Verdict verdict, List<ServiceLevel> streams) {
    long took = facts.drainedAt() - facts.loadStart();
    Footprint footprint = footprint(run);
    return new RunFigures(
        facts.loadStart() > 0 && took > 0
            ? Math.round(verdict.events() * SECOND / took)
            : RunEntry.NOT_MEASURED,
        streams.stream().mapToLong(ServiceLevel::p50Millis).max().orElse(RunEntry.NOT_MEASURED),
        footprint.mostBytes(),
        footprint.growthBytesPerHour());
  }

  /// One that is damaged says nothing; whether that matters is the judge's affair.
  private static Footprint footprint(RunDirectory run) {
    try {
      return Footprint.of(JsonLines.read(run.memory(), MemorySample.class));
    } catch (HistoryDamaged _) {
      return Footprint.NONE;
    }
  }

  private static boolean isOfAll(ServiceLevel level) {
    return level.stretch().equals(ServiceLevel.WHOLE) && level.partition() == ServiceLevel.ALL;
  }

  /// What changes when a run's verdict does.
  ///
  /// @return its size and the time of its last change in one number; 0 without one
  static long stamp(RunDirectory run) {
    Path verdict = run.verdict();
    try {
      return Files.isRegularFile(verdict)
          ? Files.getLastModifiedTime(verdict).toMillis() * 31 + Files.size(verdict)
          : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + verdict, e);
    }
  }
}
