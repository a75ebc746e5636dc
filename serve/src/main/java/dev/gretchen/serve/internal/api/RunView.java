package dev.gretchen.serve.internal.api;

import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.verdict.Outcome;
import org.jspecify.annotations.Nullable;

/// A run, as the API shows it. What was not measured is null; times are epoch milliseconds, null
/// where they are not known.
record RunView(
    String id,
    String path,
    String app,
    long seed,
    @Nullable Outcome verdict,
    String sentence,
    String guarantee,
    @Nullable String commit,
    @Nullable Long startedAt,
    @Nullable Long endedAt,
    long events,
    int faults,
    int sigkills,
    @Nullable Double availability,
    @Nullable Long eventsPerSecond,
    @Nullable Long p50Millis,
    @Nullable Long p99Millis,
    @Nullable Long residentMaxBytes,
    @Nullable Long growthBytesPerHour) {

  static RunView of(RunEntry run) {
    return new RunView(
        run.id(),
        run.path(),
        run.app(),
        run.seed(),
        run.outcome(),
        run.sentence(),
        run.guarantee(),
        run.commit().isEmpty() ? null : run.commit(),
        run.startedAt() == 0 ? null : run.startedAt(),
        run.endedAt() == 0 ? null : run.endedAt(),
        run.events(),
        run.faults(),
        run.sigkills(),
        run.availability() < 0 ? null : run.availability(),
        measured(run.figures().eventsPerSecond()),
        measured(run.figures().p50Millis()),
        measured(run.p99Millis()),
        measured(run.figures().residentMaxBytes()),
        measured(run.figures().growthBytesPerHour()));
  }

  static @Nullable Long measured(long value) {
    return value < 0 ? null : value;
  }
}
