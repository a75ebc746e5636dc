package dev.gretchen.verifier.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers, durations and dates in words, the same in every report and every locale.
public final class Phrases {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Phrases() {}

  /// `1,234,567`
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `950`, `12k`, `3.4M`: for the scale of a curve.
  public static String compact(long value) {
    if (Math.abs(value) < 10_000) {
      return number(value);
    }
    return Math.abs(value) < 1_000_000 ? scaled(value / 1e3, "k") : scaled(value / 1e6, "M");
  }

  private static String scaled(double value, String unit) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + unit;
  }

  /// `3 faults`, `1 fault`
  public static String count(long n, String noun) {
    if (n == 1) {
      return "1 " + noun;
    }
    String plural = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return number(n) + " " + plural;
  }

  /// `99.98 %`, rounded down, so that nothing but all is 100 %; a dash for a share of nothing.
  static String percent(long part, long all) {
    if (all <= 0) {
      return "-";
    }
    long hundredths = part * 10_000 / all;
    return hundredths == 10_000
        ? "100 %"
        : String.format(Locale.ROOT, "%d.%02d %%", hundredths / 100, hundredths % 100);
  }

  /// `420 ms`, `12.3 s`, `2 min 5 s`, `8 h 2 min`
  public static String duration(long millis) {
    long seconds = Math.round(millis / 1e3);
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return seconds(millis);
    }
    return seconds < 3600
        ? parts(seconds / 60, "min", seconds % 60, "s")
        : parts(seconds / 3600, "h", seconds % 3600 / 60, "min");
  }

  private static String parts(long big, String bigUnit, long small, String smallUnit) {
    return big + " " + bigUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /// `12.3 s`, also for hours: moments on the time axis.
  static String seconds(long millis) {
    return String.format(Locale.ROOT, "%,.1f s", millis / 1e3);
  }

  /// `0.42 s`: phases of a takeover.
  static String fineSeconds(long millis) {
    return String.format(Locale.ROOT, "%.2f s", millis / 1e3);
  }

  /// `2026-02-03 14:05:06 UTC`
  public static String date(long epochMillis) {
    return DATE.format(Instant.ofEpochMilli(epochMillis));
  }
}
