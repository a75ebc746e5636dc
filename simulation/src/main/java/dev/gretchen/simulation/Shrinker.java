package dev.gretchen.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds a short schedule that still fails.
///
/// **Algorithm.** Delta debugging (Zeller and Hildebrandt, 2002) over the steps: leave out halves,
/// then quarters, and so on, and keep whatever still fails. What is left out shifts all that comes
/// after it, so each candidate is tried in a few other orders of events too; the variation that
/// fails goes into the result, by which it is repeated.
public final class Shrinker {

  private static final int VARIATIONS = 4;
  private static final int RUNS_MAX = 400;

  private final Function<Schedule, Outcome> trial;
  private int runs;

  /// @param trial simulates and judges
  public Shrinker(Function<Schedule, Outcome> trial) {
    this.trial = trial;
  }

  /// The outcome of the shortest failing schedule that was found.
  ///
  /// @param failing one that fails
  public Outcome shrink(Outcome failing) {
    Outcome shortest = failing;
    int chunk = Math.max(1, shortest.schedule().steps().size() / 2);
    while (chunk >= 1 && runs < RUNS_MAX) {
      Optional<Outcome> shorter = without(shortest.schedule(), chunk);
      if (shorter.isPresent()) {
        shortest = shorter.get();
        chunk = Math.min(chunk, Math.max(1, shortest.schedule().steps().size()));
      } else {
        chunk /= 2;
      }
    }
    return shortest;
  }

  private Optional<Outcome> without(Schedule schedule, int chunk) {
    for (int from = 0; from < schedule.steps().size(); from += chunk) {
      List<Step> left = new ArrayList<>(schedule.steps());
      left.subList(from, Math.min(left.size(), from + chunk)).clear();
      for (int variation = 0; variation < VARIATIONS && runs < RUNS_MAX; variation++) {
        runs++;
        Outcome outcome = trial.apply(schedule.with(left).varied(schedule.variation() + variation));
        if (outcome.hasFailed()) {
          return Optional.of(outcome);
        }
      }
    }
    return Optional.empty();
  }
}
