package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import java.util.Locale;

/// The words that the reports use for statuses, outcomes and sections.
public final class Words {

  private Words() {}

  /// The name of a constant in lower case.
  public static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// `HARNESS ERROR`
  public static String of(Outcome outcome) {
    return outcome.name().replace('_', ' ');
  }

  /// The heading of a section.
  public static String title(Section section) {
    return switch (section) {
      case SAFETY -> "Safety";
      case LIVENESS -> "Liveness";
      case PLATFORM -> "Platform";
    };
  }

  static String meaning(Section section) {
    return switch (section) {
      case SAFETY -> "what must never happen";
      case LIVENESS -> "what must happen in time";
      case PLATFORM -> "what is Kafka’s or the machine’s doing";
    };
  }

  /// The order in which a reader wants to see properties: what needs attention first.
  public static int urgency(Status status) {
    return switch (status) {
      case FAIL -> 0;
      case UNKNOWN -> 1;
      case VACUOUS -> 2;
      case PASS -> 3;
      case SKIPPED -> 4;
    };
  }
}
