package dev.gretchen.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes what was measured at calling services as a part of the page of results.
final class EnrichmentPage {

  private static final String NAME = "enrichment";

  private final StringBuilder out = new StringBuilder();

  private EnrichmentPage() {}

  static void write(
      EnrichmentOptions options, EnrichmentSummary summary, Machine machine, Instant at) {
    ResultsPage.put(options.results(), NAME, part(options, summary, machine, at));
  }

  static String part(
      EnrichmentOptions options, EnrichmentSummary summary, Machine machine, Instant at) {
    return new EnrichmentPage().render(options, summary, machine, at);
  }

  private String render(
      EnrichmentOptions options, EnrichmentSummary summary, Machine machine, Instant at) {
    line("## Handlers that call services");
    line("");
    line(
        "%s, on %s.",
        DateTimeFormatter.ISO_LOCAL_DATE.format(at.atOffset(ZoneOffset.UTC)), machine.words());
    line("");
    line("    %s", String.join(" ", options.command()));
    line("");
    if (options.quick()) {
      line("**A quick look: short laps and few of them.**");
      line("");
    }
    line(
        "One worker, one broker on the same cores, one partition, %,d keys, input loaded before; for"
            + " each order a call of %d ms, then a count in a table and an answer in a topic. Orders"
            + " of one key are handled one after another. The call is a timed wait, so that no client"
            + " is measured with it; *over HTTP* the wait is at the other end, in a server of its own"
            + " process on the same cores, and the client is the JDK's. Orders a second are counted"
            + " by the committed offset, which passes nothing that is unfinished, over laps of %d s"
            + " behind a warm-up; numbers are the median of %d rounds, with the least and the greatest"
            + " in brackets, and each round has every side once, in turning order. A side has a number"
            + " only if each order was answered once, in the order of its key, with the right count.",
        options.keys(), options.callMillis(), options.seconds(), options.rounds());
    line("");
    line("| side | calls at a time | orders/s |");
    line("|---|---:|---:|");
    for (EnrichmentSummary.Row row : summary.rows()) {
      line(
          "| %s | %d | %s |",
          row.side().label(),
          row.calls(),
          row.isVoid() ? "void: " + row.wrong().replace('\n', ' ') : row.spread().whole());
    }
    line("");
    line("### Ratios");
    line("");
    summary.ratios(options).forEach(ratio -> line("    %s", ratio.line()));
    line("");
    return out.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // every format is a constant of this class
  private void line(String format, Object... values) {
    out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
