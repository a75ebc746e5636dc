package dev.gretchen.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes what was measured at recovering as a part of the page of results.
final class RecoveryPage {

  private static final String NAME = "recovery";

  private final StringBuilder out = new StringBuilder();

  private RecoveryPage() {}

  static void write(RecoveryOptions options, RecoverySummary summary, Machine machine, Instant at) {
    ResultsPage.put(options.results(), NAME, part(options, summary, machine, at));
  }

  static String part(
      RecoveryOptions options, RecoverySummary summary, Machine machine, Instant at) {
    return new RecoveryPage().render(options, summary, machine, at);
  }

  private String render(
      RecoveryOptions options, RecoverySummary summary, Machine machine, Instant at) {
    line("## Recovery");
    line("");
    line(
        "%s, on %s.",
        DateTimeFormatter.ISO_LOCAL_DATE.format(at.atOffset(ZoneOffset.UTC)), machine.words());
    line("");
    line("    %s", String.join(" ", options.command()));
    line("");
    if (options.quick()) {
      line("**A quick look: little state, so that starts and compilers weigh more than they do.**");
      line("");
    }
    method(options);
    line("### From the changelog to an empty disk");
    line("");
    line(
        "| side | records | records/s | MB/s | CPU µs/record | records/s and core | CPU µs/record"
            + " afterwards | on disk MB |");
    line("|---|---:|---:|---:|---:|---:|---:|---:|");
    summary.rows().forEach(this::restored);
    line("");
    line("### After kill -9, on the same disk");
    line("");
    line("| side | first output ms | ready ms | records read again |");
    line("|---|---:|---:|---:|");
    summary.rows().forEach(this::restarted);
    line("");
    line("### Ratios");
    line("");
    summary.ratios().forEach(ratio -> line("    %s", ratio.line()));
    line("");
    return out.toString();
  }

  private void method(RecoveryOptions options) {
    line(
        "The count stage alone, exactly-once, commits every %d ms, one worker, one broker on the same"
            + " cores, %d partitions, %,d keys, each changed once. A side fills its changelog by"
            + " counting; both profiles of Kafka Streams share theirs. Each round has every side once,"
            + " in turning order, on an empty disk; all have the same JVM options (serial collector,"
            + " 1 GB). Numbers are the median of %d rounds, with the least and the greatest in"
            + " brackets.",
        Workload.COMMIT_INTERVAL.toMillis(), Workload.PARTITIONS, options.keys(), options.rounds());
    line("");
    line(
        "Restoring lasts from the last moment at which the restoring consumer, by its own metrics, has"
            + " handed over nothing until the worker is ready. CPU is that of the worker's process;"
            + " *afterwards* is what it takes from then until it is at rest. MB are those of the log,"
            + " headers included. Then, at %,d events a second, the worker gets SIGKILL and is started"
            + " again on its disk, with a start-up cache (AOT) of its own on all sides: from just"
            + " before that start to the first output that a read-committed reader sees. In the end"
            + " each key gets one more event, on the disk that was recovered last, and a side's numbers"
            + " count only if then the last tally of every key, with its fingerprint of event ids, is"
            + " the truth.",
        options.rate());
    line("");
  }

  private void restored(RecoverySummary.Row row) {
    if (row.isVoid()) {
      line("| %s | void: %s | | | | | | |", row.side().label(), row.wrong().replace('\n', ' '));
      return;
    }
    line(
        "| %s | %s | %s | %s | %s | %s | %s | %s |",
        row.side().label(),
        String.format(Locale.ROOT, "%,.0f", row.spread(RecoveryLine::records).median()),
        row.spread(RecoveryLine::recordsPerSecond).whole(),
        row.spread(RecoveryLine::megabytesPerSecond).whole(),
        row.spread(RecoveryLine::cpuMicrosPerRecord).fine(),
        row.spread(RecoveryLine::recordsPerCore).whole(),
        row.spread(RecoveryLine::afterCpuMicrosPerRecord).fine(),
        row.spread(RecoveryLine::stateMegabytes).whole());
  }

  private void restarted(RecoverySummary.Row row) {
    if (row.isVoid()) {
      line("| %s | void | | |", row.side().label());
      return;
    }
    line(
        "| %s | %s | %s | %s |",
        row.side().label(),
        row.spread(RecoveryLine::firstMillis).whole(),
        row.spread(RecoveryLine::readyMillis).whole(),
        row.spread(RecoveryLine::readAgain).whole());
  }

  @SuppressWarnings("AnnotateFormatMethod") // every format is a constant of this class
  private void line(String format, Object... values) {
    out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
