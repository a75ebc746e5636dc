package dev.gretchen.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes what was measured as a part of a Markdown page, and its picture beside it. The part lies
/// between two marks, so that others on the page stay.
final class ResultsPage {

  private static final String PICTURE = "throughput.svg";
  static final String TITLE =
      """
      # Results

      Written by the benchmarks themselves. Ratios carry over to other machines better than numbers do.

      """;

  private final StringBuilder out = new StringBuilder();

  private ResultsPage() {}

  /// Writes page and picture.
  static void write(ThroughputOptions options, Summary summary, Machine machine, Instant at) {
    Path page = options.results();
    put(page, "throughput", part(options, summary, machine, at));
    write(page.resolveSibling(PICTURE), BarChart.of(summary));
  }

  /// Puts a part into its place in a page, which is made where there is none.
  static void put(Path page, String name, String part) {
    try {
      Files.createDirectories(page.toAbsolutePath().getParent());
      String old = Files.exists(page) ? Files.readString(page) : TITLE;
      write(page, placed(old, name, part));
    } catch (IOException cause) {
      throw cannotWrite(page, cause);
    }
  }

  /// Writes a file into a folder that is there.
  static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException cause) {
      throw cannotWrite(file, cause);
    }
  }

  private static UncheckedIOException cannotWrite(Path file, IOException cause) {
    return new UncheckedIOException("cannot write " + file, cause);
  }

  /// A page with the part in its place: where it was, or at the end.
  static String placed(String page, String part) {
    return placed(page, "throughput", part);
  }

  /// The same for the part of a name.
  static String placed(String page, String name, String part) {
    String first = "<!-- " + name + ": begin -->\n";
    String last = "<!-- " + name + ": end -->\n";
    int begin = page.indexOf(first);
    int end = page.indexOf(last);
    String marked = first + part + last;
    return begin < 0 || end < begin
        ? page + marked
        : page.substring(0, begin) + marked + page.substring(end + last.length());
  }

  static String part(ThroughputOptions options, Summary summary, Machine machine, Instant at) {
    return new ResultsPage().render(options, summary, machine, at);
  }

  private String render(ThroughputOptions options, Summary summary, Machine machine, Instant at) {
    line("## Throughput");
    line("");
    line(
        String.format(
            Locale.ROOT,
            "%s, on %s.",
            DateTimeFormatter.ISO_LOCAL_DATE.format(at.atOffset(ZoneOffset.UTC)),
            machine.words()));
    line("");
    line(String.format(Locale.ROOT, "    %s", String.join(" ", options.command())));
    line("");
    if (options.quick()) {
      line("**A quick look: short runs, in which compilers have hardly warmed up.**");
      line("");
    }
    method(options);
    line(String.format(Locale.ROOT, "![records per second](%s)", PICTURE));
    line("");
    for (Workload workload : summary.workloads()) {
      table(summary, workload);
    }
    line("### Ratios");
    line("");
    for (Summary.Ratio ratio : summary.ratios()) {
      ratio.lines().forEach(text -> line(String.format(Locale.ROOT, "    %s", text)));
    }
    line("");
    return out.toString();
  }

  private void method(ThroughputOptions options) {
    line(
        String.format(
            Locale.ROOT,
            """
            Exactly-once, commits every %d ms, one worker, one broker on the same cores, %d partitions, input loaded before. Each round starts every side \
            once, on fresh topics, group and disk, in turning order; all have the same JVM options (serial collector, 1 GB). The first two fifths of a \
            run are warm-up. Numbers are the median of %d rounds, with the least and the greatest in brackets. CPU and allocation are the worker's, by its own JVM, \
            compilers and collector included; the broker's CPU stands beside. A round counts only if the last tally of every key, with its fingerprint of \
            event ids, is the truth, and, for `app`, each event has its update; one wrong answer voids a side's number.
            """
                .strip(),
            Workload.COMMIT_INTERVAL.toMillis(),
            Workload.PARTITIONS,
            options.rounds()));
    line("");
    line(
        """
        `count` is the count stage alone: a table counts `colors`; its changes go to the changelog and to a topic, one for each key and commit, on all \
        sides. `app` is word-colors whole: filter, re-key, count, two tables, and one update for each event; a record is an input word, four of five are \
        colours. Lineage headers are on what the engine and the floor program write; Kafka Streams has none to write.
        """
            .strip());
    line("");
  }

  private void table(Summary summary, Workload workload) {
    line(String.format(Locale.ROOT, "### %s", workload.label()));
    line("");
    line(
        "| side | records/s | CPU µs/record | allocated B/record | broker CPU µs/record | GC ms |"
            + " outputs | changelog records |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|");
    for (Summary.Row row : summary.rows(workload)) {
      if (row.isVoid()) {
        line(
            String.format(
                Locale.ROOT,
                "| %s | void: %s | | | | | | |",
                row.side().label(),
                row.wrong().replace('\n', ' ')));
      } else {
        line(
            String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %,.0f | %,.0f | %,.0f |",
                row.side().label(),
                row.spread(RunLine::recordsPerSecond).whole(),
                row.spread(RunLine::cpuMicrosPerRecord).fine(),
                row.spread(RunLine::allocatedBytesPerRecord).whole(),
                row.spread(RunLine::brokerCpuMicrosPerRecord).fine(),
                row.spread(RunLine::gcMillis).median(),
                row.spread(RunLine::outputs).median(),
                row.spread(RunLine::changelogs).median()));
      }
    }
    line("");
  }

  private void line(String line) {
    out.append(line).append('\n');
  }
}
