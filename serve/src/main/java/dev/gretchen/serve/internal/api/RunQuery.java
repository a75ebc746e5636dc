package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.record.RunFilter;
import dev.gretchen.verifier.settings.Lengths;
import dev.gretchen.verifier.verdict.Outcome;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Which runs a question means, as its parameters say: the same for pages and API. Pure.
///
/// @param filter of the runs
/// @param limit how many are listed at the most, or looked at for a trend
/// @param grouping of a trend
public record RunQuery(RunFilter filter, int limit, Grouping grouping) {

  /// The parameters that choose runs.
  public static final List<String> FILTERS =
      List.of("app", "verdict", "fault", "violation", "seed", "commit", "since", "until");

  /// The most that can be listed at once.
  public static final int LIMIT_MAX = 1_000;

  private static final int LISTED = 100;
  private static final String LIMIT_NAME = "limit";
  private static final String GROUPING_NAME = "by";

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
  private static final Pattern SEED = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,3})d");
  private static final long DAY_MILLIS = 86_400_000;

  /// Reads a question for a list.
  ///
  /// @param now epoch milliseconds, for times such as `24h` ago
  /// @throws Refused where a parameter says something that it cannot
  public static RunQuery of(Asked asked, long now) {
    return read(asked, now, LISTED);
  }

  /// Reads a question for a trend, which looks at more runs than anybody reads.
  ///
  /// @throws Refused where a parameter says something that it cannot
  public static RunQuery ofTrend(Asked asked, long now) {
    return read(asked, now, LIMIT_MAX);
  }

  private static RunQuery read(Asked asked, long now, int limit) {
    requireKnown(asked.query().keySet());
    RunFilter filter =
        RunFilter.ALL
            .ofApp(asked.one("app").orElse(null))
            .endedAs(outcomes(asked.all("verdict")))
            .withFault(asked.one("fault").orElse(null))
            .withViolation(asked.one("violation").orElse(null))
            .ofSeed(asked.one("seed").map(RunQuery::seed).orElse(null))
            .atCommit(asked.one("commit").orElse(null))
            .since(asked.one("since").map(text -> moment("since", text, now)).orElse(0L))
            .until(asked.one("until").map(text -> moment("until", text, now)).orElse(0L));
    return new RunQuery(
        filter,
        asked.one(LIMIT_NAME).map(RunQuery::limit).orElse(limit),
        asked.one(GROUPING_NAME).map(RunQuery::grouping).orElse(Grouping.COMMIT));
  }

  private static void requireKnown(Set<String> names) {
    for (String name : names) {
      if (!FILTERS.contains(name) && !name.equals(LIMIT_NAME) && !name.equals(GROUPING_NAME)) {
        throw Refused.badRequest(
            "Unknown parameter '%s'; there are %s, %s and %s"
                .formatted(name, String.join(", ", FILTERS), LIMIT_NAME, GROUPING_NAME));
      }
    }
  }

  /// One value may hold several, with commas between.
  private static Set<Outcome> outcomes(List<String> values) {
    Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
    for (String value : values) {
      for (String name : value.split(",")) {
        outcomes.add(outcome(name.strip()));
      }
    }
    return outcomes;
  }

  private static Outcome outcome(String name) {
    return Arrays.stream(Outcome.values())
        .filter(each -> each.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            Refused.badRequest(
                "verdict: expected some of %s, found '%s'"
                    .formatted(Arrays.toString(Outcome.values()), name)));
  }

  private static Long seed(String text) {
    if (SEED.matcher(text).matches()) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException _) {
        // beyond what a seed can be
      }
    }
    throw Refused.badRequest("seed: expected a whole number, found '" + text + "'");
  }

  private static int limit(String text) {
    if (NUMBER.matcher(text).matches()) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= LIMIT_MAX) {
        return number;
      }
    }
    throw Refused.badRequest("limit: expected 1 to %d, found '%s'".formatted(LIMIT_MAX, text));
  }

  private static Grouping grouping(String text) {
    return Arrays.stream(Grouping.values())
        .filter(each -> each.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() ->
            Refused.badRequest(
                "by: expected one of %s, found '%s'"
                    .formatted(Arrays.toString(Grouping.values()).toLowerCase(Locale.ROOT), text)));
  }

  private static Long moment(String name, String text, long now) {
    Optional<Long> ago = ago(text);
    if (ago.isPresent()) {
      return Math.max(1, now - ago.get());
    }
    try {
      return (text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant())
          .toEpochMilli();
    } catch (DateTimeException | ArithmeticException _) {
      throw Refused.badRequest(
          "%s: expected a time such as 24h or 7d ago, 2026-11-22 or 2026-11-22T08:00:00Z (UTC), found '%s'"
              .formatted(name, text));
    }
  }

  private static Optional<Long> ago(String text) {
    if (DAYS.matcher(text).matches()) {
      return Optional.of(Long.parseLong(text.substring(0, text.length() - 1)) * DAY_MILLIS);
    }
    return Lengths.parse(text).map(length -> length.toMillis());
  }
}
