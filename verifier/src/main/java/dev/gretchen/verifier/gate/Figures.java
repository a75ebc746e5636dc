package dev.gretchen.verifier.gate;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/// Numbers in sentences.
final class Figures {

  private static final double PERCENT = 100;
  private static final int NAMES_MAX = 5;
  private static final long SECOND = 1_000;

  private Figures() {}

  /// `1 run`, `1,234 runs`.
  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  static String millis(double millis) {
    return millis < SECOND
        ? String.format(Locale.ROOT, "%.0f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / SECOND);
  }

  static String millis(Duration length) {
    return millis(length.toMillis());
  }

  /// `12.3 %`
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * PERCENT);
  }

  /// The first few of some names.
  static String names(Collection<String> names) {
    String first = String.join(", ", names.stream().limit(NAMES_MAX).toList());
    return names.size() <= NAMES_MAX
        ? first
        : first + " and " + (names.size() - NAMES_MAX) + " more";
  }
}
