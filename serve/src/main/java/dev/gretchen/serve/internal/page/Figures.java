package dev.gretchen.serve.internal.page;

import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RunsText;
import dev.gretchen.verifier.report.Phrases;
import java.util.Locale;

/// Numbers as the pages show them; a dash for what was not measured.
final class Figures {

  private static final String NONE = "–";
  private static final double ONE_PERCENT = 0.01;
  private static final long MEBIBYTE = 1 << 20;
  private static final long KILOBYTE = 1_000;
  private static final int SECONDS_AT = 19;

  private Figures() {}

  static String number(long value) {
    return value < 0 ? NONE : Phrases.number(value);
  }

  static String mebibytes(long bytes) {
    return bytes < 0 ? NONE : Phrases.number(bytes / MEBIBYTE);
  }

  /// `531 B`, `120.1 kB`, `3.0 MB`.
  static String bytes(long bytes) {
    if (bytes < KILOBYTE) {
      return bytes + " B";
    }
    boolean mega = bytes >= KILOBYTE * KILOBYTE;
    double scaled = (double) bytes / (mega ? KILOBYTE * KILOBYTE : KILOBYTE);
    return String.format(Locale.ROOT, "%,.1f %s", scaled, mega ? "MB" : "kB");
  }

  static String percent(double share) {
    return share < 0 ? NONE : RunsText.percent(share);
  }

  /// `2026-02-03 14:05:06`, UTC.
  static String moment(long epochMillis) {
    return epochMillis <= 0 ? NONE : Phrases.date(epochMillis).substring(0, SECONDS_AT);
  }

  static String percentile(Percentiles of, long value) {
    return of.count() == 0 ? NONE : Phrases.number(value);
  }

  /// What so many runs prove.
  static String proof(FailureRate rate) {
    if (rate.runs() == 0) {
      return "None of these runs was decided, so they say nothing of how many fail.";
    }
    long needed = FailureRate.cleanRunsFor(ONE_PERCENT);
    String bound =
        "%s of %s failed: with %s confidence, at most %s of such runs fail."
            .formatted(
                rate.failed() == 0 ? "None" : Phrases.number(rate.failed()),
                Phrases.count(rate.runs(), "decided run"),
                percent(FailureRate.CONFIDENCE),
                percent(rate.bound()));
    return rate.failed() > 0 || rate.runs() >= needed
        ? bound
        : bound
            + " %s more without a failure bound it by 1 %%."
                .formatted(Phrases.number(needed - rate.runs()));
  }
}
