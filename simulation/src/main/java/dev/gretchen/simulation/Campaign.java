package dev.gretchen.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Many schedules, one after another, until they are all done, time is up, or enough have failed.
public final class Campaign {

  private final Function<Schedule, Outcome> trial;
  private final int failuresMax;

  /// @param trial simulates and judges
  /// @param failuresMax after so many failures the campaign ends
  public Campaign(Function<Schedule, Outcome> trial, int failuresMax) {
    this.trial = trial;
    this.failuresMax = failuresMax;
  }

  /// What came of it.
  ///
  /// @param runs schedules that were run
  /// @param vacuous how many of them compared nothing
  /// @param steps steps of all traces
  /// @param failures outcomes with anomalies
  public record Result(long runs, long vacuous, long steps, List<Outcome> failures) {
    public Result {
      failures = List.copyOf(failures);
    }
  }

  /// The schedules of rising seeds for word-colors.
  public static Stream<Schedule> seeds(long first, long count) {
    return seeds(SimulatedApp.WORD_COLORS, first, count);
  }

  /// The schedules of rising seeds for an app.
  public static Stream<Schedule> seeds(SimulatedApp app, long first, long count) {
    return LongStream.range(first, first + count).mapToObj(app::schedule);
  }

  /// Runs schedules in their order.
  ///
  /// @param until asked between two runs
  /// @param told told of each outcome
  public Result run(Stream<Schedule> schedules, BooleanSupplier until, Consumer<Outcome> told) {
    long runs = 0;
    long vacuous = 0;
    long steps = 0;
    List<Outcome> failures = new ArrayList<>();
    for (Schedule schedule : (Iterable<Schedule>) schedules::iterator) {
      if (until.getAsBoolean() || failures.size() >= failuresMax) {
        break;
      }
      Outcome outcome = trial.apply(schedule);
      runs++;
      steps += outcome.steps();
      vacuous += outcome.isVacuous() ? 1 : 0;
      if (outcome.hasFailed()) {
        failures.add(outcome);
      }
      told.accept(outcome);
    }
    return new Result(runs, vacuous, steps, failures);
  }
}
