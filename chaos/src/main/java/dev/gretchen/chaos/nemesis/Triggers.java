package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Waits for the moment of a step.
final class Triggers {
  /// The least calm after a fault, however late its successor is.
  static final Duration CALM_MIN = Duration.ofMillis(500);

  /// How long the load may take to begin.
  static final Duration LOAD_BEGINS_TIMEOUT = Duration.ofMinutes(10);

  /// How much longer than planned a load may take before its progress is no longer waited for.
  private static final int PATIENCE_FACTOR = 3;

  private static final Duration PATIENCE_MIN = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Progress progress;
  private final InstantSource clock;
  private final Duration patience;

  Triggers(Plan plan, Progress progress, InstantSource clock) {
    this.progress = progress;
    this.clock = clock;
    this.patience = plan.load().multipliedBy(PATIENCE_FACTOR).plus(PATIENCE_MIN);
  }

  /// @param lastHealed when the step ahead was over, empty for the first
  /// @return why the step cannot begin any more, empty when it is to begin now
  Optional<String> await(Trigger trigger, Optional<Instant> lastHealed)
      throws InterruptedException {
    Instant opened = clock.instant();
    while (true) {
      if (progress.isFinished()) {
        return Optional.of(Skipped.LATE);
      }
      Optional<Instant> started = progress.startedAt();
      if (started.isPresent() && isDue(trigger, started.get(), lastHealed)) {
        return Optional.empty();
      }
      if (isHopeless(opened, started)) {
        return Optional.of("the load did not get far enough");
      }
      Thread.sleep(POLL);
    }
  }

  private boolean isDue(Trigger trigger, Instant started, Optional<Instant> lastHealed) {
    Instant now = clock.instant();
    if (now.isBefore(lastHealed.map(healed -> healed.plus(CALM_MIN)).orElse(started))) {
      return false;
    }
    return switch (trigger) {
      case Trigger.AtTime(Duration sinceStart) -> !now.isBefore(started.plus(sinceStart));
      case Trigger.AfterHealed(Duration calm) ->
          !now.isBefore(lastHealed.orElse(started).plus(calm));
      case Trigger.AtProgress(double fraction) ->
          progress.acknowledged() >= Math.ceil(fraction * progress.planned());
    };
  }

  private boolean isHopeless(Instant opened, Optional<Instant> started) {
    Duration limit = started.isPresent() ? patience : LOAD_BEGINS_TIMEOUT;
    return clock.instant().isAfter(started.orElse(opened).plus(limit));
  }
}
