package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the record says, for a terminal. Pure.
public final class RunsText {

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final double PERCENT = 100;
  private static final String GAP = "  ";
  private static final long MEBIBYTE = 1 << 20;

  private RunsText() {}

  /// The runs, the latest first, and what they say together.
  public static String runs(RunsAnswer answer) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("began (UTC)", "verdict", "app", "events", "faults", "up", "p99 ms", "directory"));
    for (RunEntry run : answer.runs()) {
      Outcome outcome = run.outcome();
      rows.add(
          List.of(
              minute(run.startedAt()),
              outcome == null ? "none" : outcome.name(),
              run.app(),
              "%,d".formatted(run.events()),
              Integer.toString(run.faults()),
              run.availability() < 0 ? "-" : percent(run.availability()),
              run.p99Millis() < 0 ? "-" : "%,d".formatted(run.p99Millis()),
              run.path()));
    }
    return (rows.size() == 1 ? "" : table(rows, 3) + "\n") + summary(answer);
  }

  /// What was violated, most runs first.
  public static String violations(RunsAnswer answer) {
    StringBuilder text = new StringBuilder();
    for (Violation violation : answer.violations()) {
      text.append(violation.fingerprint())
          .append("\n  in ")
          .append(count(violation.runs(), "run"))
          .append(", first ")
          .append(minute(violation.firstAt()))
          .append(", last ")
          .append(minute(violation.lastAt()))
          .append(" in ")
          .append(violation.lastPath())
          .append(":\n  ")
          .append(violation.example())
          .append("\n");
    }
    return text + (text.isEmpty() ? "" : "\n") + summary(answer);
  }

  /// How takeovers went, by kind of fault.
  public static String faults(RunsAnswer answer) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "fault",
            "times",
            "silence p50",
            "p90",
            "p99",
            "most",
            "others p99",
            "detected p50",
            "first output p50"));
    for (FaultFigures fault : answer.faults()) {
      rows.add(
          List.of(
              fault.kind(),
              Integer.toString(fault.times()),
              value(fault.silence(), fault.silence().p50()),
              value(fault.silence(), fault.silence().p90()),
              value(fault.silence(), fault.silence().p99()),
              value(fault.silence(), fault.silence().max()),
              value(fault.others(), fault.others().p99()),
              value(fault.detected(), fault.detected().p50()),
              value(fault.firstOutput(), fault.firstOutput().p50())));
    }
    return rows.size() == 1
        ? summary(answer)
        : table(rows, 1)
            + "\nMilliseconds; silence is beyond the usual one of the same run.\n\n"
            + summary(answer);
  }

  /// How they went from group to group, the latest first.
  ///
  /// @param trends the oldest first
  public static String trends(List<Trend> trends) {
    if (trends.isEmpty()) {
      return "No run with a verdict is meant.\n";
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "commit",
            "since (UTC)",
            "runs",
            "failed",
            "events/s",
            "p50 ms",
            "p99 ms",
            "up",
            "silence p50",
            "p99",
            "MiB",
            "MiB/h"));
    for (Trend trend : trends.reversed()) {
      Percentiles worst =
          trend.faults().stream()
              .map(FaultFigures::silence)
              .max(Comparator.comparingLong(Percentiles::p99))
              .orElse(Percentiles.of(List.of()));
      rows.add(
          List.of(
              trend.group(),
              minute(trend.firstAt()),
              Integer.toString(trend.runs()),
              Integer.toString(trend.failed()),
              measured(trend.eventsPerSecond()),
              measured(trend.p50Millis()),
              measured(trend.p99Millis()),
              trend.availability() < 0 ? "-" : percent(trend.availability()),
              value(worst, worst.p50()),
              value(worst, worst.p99()),
              mebibytes(trend.residentMaxBytes()),
              mebibytes(trend.growthBytesPerHour())));
    }
    return table(rows, 2)
        + "\nMedians of the runs of a commit; silence is that of the kind of fault with the longest,"
        + " beyond the usual one.\n";
  }

  private static String measured(long value) {
    return value < 0 ? "-" : "%,d".formatted(value);
  }

  private static String mebibytes(long bytes) {
    return bytes < 0 ? "-" : measured(bytes / MEBIBYTE);
  }

  private static String value(Percentiles of, long value) {
    return of.count() == 0 ? "-" : "%,d".formatted(value);
  }

  private static String summary(RunsAnswer answer) {
    long all = answer.outcomes().values().stream().mapToLong(Long::longValue).sum();
    if (all == 0) {
      return "No run with a verdict is meant.\n";
    }
    List<String> parts = new ArrayList<>();
    for (Map.Entry<Outcome, Long> each : answer.outcomes().entrySet()) {
      parts.add(each.getValue() + " " + each.getKey());
    }
    FailureRate rate = answer.rate();
    return "%s with a verdict: %s.%n%s%n"
        .formatted(
            count(all, "run"),
            String.join(", ", parts),
            rate.runs() == 0
                ? "None of them was decided, so they say nothing of how many fail."
                : "With %s confidence, at most %s of such runs fail."
                    .formatted(percent(FailureRate.CONFIDENCE), percent(rate.bound())));
  }

  private static String count(long number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  private static String minute(long epochMillis) {
    return epochMillis == 0 ? "-" : MINUTE.format(Instant.ofEpochMilli(epochMillis));
  }

  /// A share with three digits that mean something.
  public static String percent(double share) {
    double percent = share * PERCENT;
    int decimals = percent >= 10 ? 1 : percent >= 1 ? 2 : 3;
    String text = "%.".concat(decimals + "f").formatted(percent);
    return text.replaceFirst("\\.?0+$", "") + " %";
  }

  /// Columns in line, the first ones to the left, the numbers after them to the right, the last one
  /// to the left where it is text.
  ///
  /// @param left how many begin to the left
  private static String table(List<List<String>> rows, int left) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    boolean endsInText = rows.getFirst().getLast().equals("directory");
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        boolean toTheLeft = i < left || (endsInText && i == columns - 1);
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : GAP)
            .append(toTheLeft ? row.get(i) + padding : padding + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append("\n");
    }
    return text.toString();
  }
}
