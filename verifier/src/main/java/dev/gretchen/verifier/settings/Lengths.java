package dev.gretchen.verifier.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lengths of time as people write them: a number above zero and one of ms, s, m, h.
public final class Lengths {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,9})(ms|s|m|h)");

  private Lengths() {}

  /// The length that a text says; empty where it says none.
  public static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(form.group(1));
    return Optional.of(
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        });
  }
}
