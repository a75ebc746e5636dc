package dev.gretchen.verifier.record;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// Reads what the record keeps of a run from its directory: its facts and its verdict, never its
/// history.
final class RunReader {

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
      return Optional.of(without(facts, path, NO_VERDICT + run.path()));
    }
    try {
      Verdict verdict = VerdictJson.read(Files.readString(run.verdict()));
      if (!Verdict.SCHEMA.equals(verdict.schema())) {
        return Optional.of(
            without(
                facts,
                path,
                "verdict.json: expected schema " + Verdict.SCHEMA + ", found " + verdict.schema()));
      }
      return Optional.of(new RecordedRun(facts, entry(path, verdict), Optional.of(verdict)));
    } catch (JacksonException e) {
      return Optional.of(
          without(
              facts,
              path,
              "verdict.json cannot be read (%s); judge it again with ./gretchen judge %s"
                  .formatted(e.getOriginalMessage(), run.path())));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + run.verdict(), e);
    }
  }

  private static RecordedRun without(RunFacts facts, String path, String why) {
    return new RecordedRun(
        facts,
        new RunEntry(
            path,
            facts.app(),
            facts.seed(),
            null,
            why,
            facts.judgeAs(),
            facts.loadStart(),
            facts.endedAt(),
            facts.sent(),
            0,
            0,
            RunEntry.NOT_MEASURED,
            RunEntry.NOT_MEASURED),
        Optional.empty());
  }

  private static RunEntry entry(String path, Verdict verdict) {
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
        streams.stream().mapToLong(ServiceLevel::p99Millis).max().orElse(RunEntry.NOT_MEASURED));
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
