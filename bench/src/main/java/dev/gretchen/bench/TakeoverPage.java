package dev.gretchen.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes what was measured at taking over as a part of the page of results, one for each kind of
/// fault, and its picture beside it.
final class TakeoverPage {

  private static final List<String> PHASES =
      List.of("detected", "fenced", "reassigned", "recovered", "firstOutput", "caughtUp");

  private final StringBuilder out = new StringBuilder();

  private TakeoverPage() {}

  /// Writes page and picture.
  static void write(TakeoverOptions options, TakeoverSummary summary, Machine machine, Instant at) {
    Path page = options.results();
    ResultsPage.put(page, name(summary), part(options, summary, machine, at));
    ResultsPage.write(page.resolveSibling(picture(summary)), TakeoverChart.of(summary));
  }

  private static String name(TakeoverSummary summary) {
    return "takeover-" + summary.fault().word();
  }

  private static String picture(TakeoverSummary summary) {
    return name(summary) + ".svg";
  }

  static String part(
      TakeoverOptions options, TakeoverSummary summary, Machine machine, Instant at) {
    return new TakeoverPage().render(options, summary, machine, at);
  }

  private String render(
      TakeoverOptions options, TakeoverSummary summary, Machine machine, Instant at) {
    line("## Takeover: %s", summary.fault().label());
    line("");
    line(
        "%s, on %s.",
        DateTimeFormatter.ISO_LOCAL_DATE.format(at.atOffset(ZoneOffset.UTC)), machine.words());
    line("");
    line("    %s", String.join(" ", options.command()));
    line("");
    if (options.quick()) {
      line("**A quick look: too few faults for percentiles.**");
      line("");
    }
    method(options, summary);
    line("![silence after each fault](%s)", picture(summary));
    line("");
    line(
        "| side | times | usual ms | beyond it: median | p90 | p99 | most | others' p99 beyond"
            + " theirs | records replayed |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    summary.rows().forEach(this::row);
    line("");
    line("Medians of the phases, milliseconds after the fault:");
    line("");
    line("| side | detected | fenced | reassigned | recovered | first output | caught up |");
    line("|---|---:|---:|---:|---:|---:|---:|");
    summary.rows().stream().filter(row -> !row.isVoid()).forEach(this::phases);
    line("");
    line("### Ratios");
    line("");
    summary.ratios().forEach(ratio -> line("    %s", ratio.line()));
    line("");
    return out.toString();
  }

  private void method(TakeoverOptions options, TakeoverSummary summary) {
    String what =
        switch (summary.fault()) {
          case KILL ->
              "One of them gets SIGKILL, and is started again when others have its partitions and"
                  + " each has shown an output. The clock starts when its end is confirmed.";
          case PAUSE ->
              "One of them gets SIGSTOP, and SIGCONT when others have its partitions and each has"
                  + " shown an output. The clock starts when it stands still.";
          case RESTART ->
              "One after the other gets SIGTERM and is started again as soon as it has ended. The"
                  + " clock starts with the signal.";
        };
    String counts =
        switch (summary.fault()) {
          case KILL, PAUSE -> "that begins within %d s".formatted(OutputMeter.STRETCH.toSeconds());
          case RESTART ->
              "that begins before all is again as it was: the worker is back, has its share, and"
                  + " copies are warm,";
        };
    line(
        "word-colors, exactly-once, commits every %d ms, %d workers on %d brokers on the same cores,"
            + " %d partitions, %,d events a second without regard to what happens, %,d keys; all sides"
            + " with the same topics, load, JVM options and brokers. %s A worker is hit only while all"
            + " are ready, copies are warm, owners stay the same and every partition is at work.",
        TakeoverOptions.COMMIT_INTERVAL.toMillis(),
        TakeoverOptions.WORKERS,
        TakeoverOptions.WORKERS,
        TakeoverOptions.PARTITIONS,
        options.rate(),
        options.keys(),
        what);
    line("");
    line(
        "A silence is the time between two committed outputs of one input partition, as a reader sees"
            + " them; of a fault counts the longest %s of any partition of the victim, and of any other"
            + " partition. *Usual* is the median of the same in the %d s of calm before each fault."
            + " *Replayed* are changelog records that workers say they have read before tasks ran, from"
            + " the fault until all was again as it was. A side counts only if in the end each event"
            + " has been counted exactly once.",
        counts, OutputMeter.STRETCH.toSeconds());
    line("");
  }

  private void row(TakeoverSummary.Row row) {
    if (row.isVoid()) {
      line("| %s | void: %s | | | | | | | |", row.side().label(), row.wrong().replace('\n', ' '));
    } else {
      line(
          "| %s | %d | %,d | %,d | %,d | %,d | %,d | %+,d | %s |",
          row.side().label(),
          row.lines().size(),
          row.usual(),
          row.beyond(0.5),
          row.beyond(0.9),
          row.beyond(0.99),
          row.beyond(1),
          row.collateral(),
          records(row.replayed()));
    }
  }

  /// A number of records, or that nobody says it.
  static String records(long replayed) {
    return replayed < 0 ? "not told" : String.format(Locale.ROOT, "%,d", replayed);
  }

  private void phases(TakeoverSummary.Row row) {
    Map<String, Long> phases = row.phases();
    StringBuilder cells = new StringBuilder();
    for (String phase : PHASES) {
      Long millis = phases.get(phase);
      cells.append(millis == null ? "| " : String.format(Locale.ROOT, "| %,d ", millis));
    }
    line("| %s %s|", row.side().label(), cells);
  }

  @SuppressWarnings("AnnotateFormatMethod") // every format is a constant of this class
  private void line(String format, Object... values) {
    out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
