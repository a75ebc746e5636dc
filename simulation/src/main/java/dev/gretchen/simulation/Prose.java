package dev.gretchen.simulation;

import dev.gretchen.testkit.sim.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Outcomes in words.
public final class Prose {

  private static final double NANOS_PER_SECOND = 1e9;

  private Prose() {}

  /// What failed, under which steps, how to repeat it, and the last steps of each process.
  public static List<String> failure(Outcome outcome) {
    List<String> lines = new ArrayList<>();
    Schedule schedule = outcome.schedule();
    lines.add("");
    outcome.anomalies().forEach(anomaly -> lines.add("ANOMALY  " + anomaly));
    lines.add("");
    lines.add("under");
    schedule.lines().forEach(line -> lines.add("  " + line));
    outcome
        .last()
        .forEach((process, steps) -> {
          lines.add("");
          lines.add("last steps of " + process);
          for (Trace.Step step : steps) {
            lines.add("  " + step);
          }
        });
    lines.add("");
    lines.add("repeat it with  " + command(schedule));
    return lines;
  }

  /// The command that repeats a schedule.
  public static String command(Schedule schedule) {
    SimulatedApp app = schedule.setup().app();
    Schedule drawn = app.schedule(schedule.seed());
    boolean isDrawn = drawn.setup().equals(schedule.setup());
    StringBuilder command = new StringBuilder("./gretchen simulate ");
    if (app != SimulatedApp.WORD_COLORS) {
      command.append("--app ").append(app.name()).append(' ');
    }
    command.append(isDrawn ? "--seed " : "--matrix --seed ").append(schedule.seed());
    List<Step> all = (isDrawn ? drawn : CrashMatrix.schedule(schedule.seed())).steps();
    if (!all.equals(schedule.steps())) {
      command
          .append(" --steps ")
          .append(
              schedule.steps().stream()
                  .map(step -> Integer.toString(all.indexOf(step) + 1))
                  .collect(Collectors.joining(",")));
    }
    if (schedule.variation() != 0) {
      command.append(" --variation ").append(schedule.variation());
    }
    return command.toString();
  }

  /// One line on one run.
  public static String verdict(Outcome outcome) {
    String word = outcome.hasFailed() ? "FAIL" : outcome.isVacuous() ? "VACUOUS" : "PASS";
    return "%s  %d steps in %.1f s of virtual time. %s"
        .formatted(
            word, outcome.steps(), outcome.virtual().toMillis() / 1000.0, outcome.sentence());
  }

  /// One line while a campaign runs.
  public static String progress(long runs, Outcome last, long nanos) {
    return "%d schedules, %.0f a minute, at seed %d"
        .formatted(runs, runs * 60 * NANOS_PER_SECOND / nanos, last.schedule().seed());
  }

  /// One line on a campaign.
  public static String summary(Campaign.Result result, long nanos) {
    return String.format(
        Locale.ROOT,
        "%s  %d schedules (%d vacuous), %d steps, %.1f s, %.0f schedules a minute",
        result.failures().isEmpty() ? "PASS" : "FAIL",
        result.runs(),
        result.vacuous(),
        result.steps(),
        nanos / NANOS_PER_SECOND,
        result.runs() * 60 * NANOS_PER_SECOND / Math.max(1, nanos));
  }
}
