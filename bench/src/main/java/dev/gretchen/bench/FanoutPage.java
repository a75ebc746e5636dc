package dev.gretchen.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes what was measured at pushing to WebSockets as a part of the page of results.
final class FanoutPage {

  private final StringBuilder out = new StringBuilder();

  private FanoutPage() {}

  /// One worker and several have parts of their own.
  static void write(FanoutOptions options, FanoutSummary summary, Machine machine, Instant at) {
    ResultsPage.put(
        options.results(), "fanout-" + options.workers(), part(options, summary, machine, at));
  }

  static String part(FanoutOptions options, FanoutSummary summary, Machine machine, Instant at) {
    return new FanoutPage().render(options, summary, machine, at);
  }

  private String render(FanoutOptions options, FanoutSummary summary, Machine machine, Instant at) {
    line(
        "## Pushing to %,d WebSockets on %s",
        options.all(), options.workers() == 1 ? "one worker" : options.workers() + " workers");
    line("");
    line(
        "%s, on %s.",
        DateTimeFormatter.ISO_LOCAL_DATE.format(at.atOffset(ZoneOffset.UTC)), machine.words());
    line("");
    line("    %s", String.join(" ", options.command()));
    line("");
    if (options.quick()) {
      line("**A quick look: few connections and short steps.**");
      line("");
    }
    line(
        "One broker, workers with a heap of 1 GiB and clients in processes of their own, all on the"
            + " same cores. *Memory* is by how much the workers' resident memory grew in connecting,"
            + " for each connection. *Calm*: each of %d rooms gets a post a second, so that every"
            + " connection gets one. Then one room with %,d connections gets ever more posts, in steps"
            + " of %d s, each with %.0f %% more; *most* is the last step in which %.0f %% of what was"
            + " due came, 99 %% of it within %d s of when it was due, and no connection was lost. The"
            + " bare loop reads the feed and writes each post to each connection, and does nothing"
            + " else; the chat admits and numbers each post in transactions before that.",
        FanoutOptions.ROOMS + 1,
        options.hot(),
        options.seconds(),
        (FanoutOptions.RATE_STEP - 1) * 100,
        FanoutOptions.DELIVERED_MIN * 100,
        FanoutOptions.P99_MAX.toSeconds());
    line("");
    line("| side | memory, B a connection | calm: p50, p99 ms | most deliveries/s | its p99 ms |");
    line("|---|---:|---:|---:|---:|");
    for (FanoutSummary.Row row : summary.rows()) {
      line(
          "| %s | %,d | %,d, %,d | %s | %s |",
          row.side().label(),
          row.calm().bytesPerConnection(),
          row.calm().p50Millis(),
          row.calm().p99Millis(),
          row.most()
              .map(most -> String.format(Locale.ROOT, "%,.0f", most.delivered()))
              .orElse("none sustained"),
          row.most().map(most -> String.format(Locale.ROOT, "%,d", most.p99Millis())).orElse(""));
    }
    line("");
    line("### Ratios");
    line("");
    summary.ratios().forEach(ratio -> line("    %s", ratio.line()));
    line("");
    return out.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // every format is a constant of this class
  private void line(String format, Object... values) {
    out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
