package dev.gretchen.verifier.soak;

import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import dev.gretchen.verifier.verdict.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a soak says, for a terminal. Pure.
public final class SoakText {

  private static final double PERCENT = 100;

  private SoakText() {}

  static String underWay(PlannedRun run, int attempt, double seconds) {
    return String.format(
        Locale.ROOT,
        "#%d %s%s, %.0f s",
        run.number(),
        run.text(),
        attempt == 1 ? "" : ", once more",
        seconds);
  }

  /// One finished run.
  static String line(PlannedRun run, Ended ended) {
    return String.format(
        Locale.ROOT,
        "#%-4d %-13s %s; seed %d%s%s",
        run.number(),
        word(run, ended),
        run.text(),
        run.seed(),
        ended.directory().isEmpty() ? "" : "; " + ended.directory(),
        ended.good() ? "" : "\n      " + ended.sentence());
  }

  private static String word(PlannedRun run, Ended ended) {
    return run.role() == Role.CANARY
        ? (ended.good() ? "caught" : "NOT CAUGHT")
        : ended.outcome().name();
  }

  /// What all of them say together.
  public static String summary(SoakResult result, Path folder) {
    StringBuilder text = new StringBuilder(CatalogueText.lines(result.catalogue()));
    for (Ended ended : result.missed()) {
      text.append("NOT CAUGHT  ").append(line(ended)).append('\n');
    }
    for (Ended ended : result.failed()) {
      text.append("FAIL  ").append(line(ended)).append('\n');
    }
    List<String> parts = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      if (result.count(outcome) > 0) {
        parts.add(result.count(outcome) + " " + outcome);
      }
    }
    text.append(result.outcome())
        .append("  ")
        .append(count(result.runs().size(), "run"))
        .append(parts.isEmpty() ? "" : ": " + String.join(", ", parts))
        .append("; ")
        .append(result.caught())
        .append(" of ")
        .append(count(result.canaries().size(), "canary"))
        .append(" caught.\n");
    FailureRate rate = result.rate();
    text.append(
        rate.runs() == 0
            ? "None of the runs was decided, so they say nothing of how many fail.\n"
            : String.format(
                Locale.ROOT,
                "With %.0f %% confidence, at most %.2f %% of such runs fail.\n",
                FailureRate.CONFIDENCE * PERCENT,
                rate.bound() * PERCENT));
    return text + "All of it is in " + folder + "\n";
  }

  private static String line(Ended ended) {
    return ended.directory() + ": " + ended.sentence();
  }

  private static String count(int number, String noun) {
    if (number == 1) {
      return "1 " + noun;
    }
    return number + " " + (noun.endsWith("y") ? noun.replaceFirst("y$", "ies") : noun + "s");
  }
}
