package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Words a verdict in one sentence.
final class Prose {

  private static final List<String> NUMBERS =
      List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight");

  private Prose() {}

  static String sentence(
      Outcome outcome,
      String app,
      Guarantee judgedAs,
      long events,
      List<FaultOutcome> faults,
      List<Property> properties,
      List<String> harnessErrors) {
    return switch (outcome) {
      case PASS ->
          count(events)
              + " events counted "
              + (judgedAs == Guarantee.EXACTLY_ONCE ? "exactly once" : "at least once")
              + " by "
              + app
              + through(faults)
              + ".";
      case FAIL -> {
        List<Property> failed = with(properties, Status.FAIL);
        Property first = failed.getFirst();
        String more =
            failed.size() == 1
                ? ""
                : " (and " + number(failed.size() - 1) + " more " + plural(failed.size() - 1) + ")";
        yield first.name() + more + ": " + first.detail();
      }
      case HARNESS_ERROR -> "The run says nothing about " + app + ": " + harnessErrors.getFirst();
      case UNKNOWN -> undecided(with(properties, Status.UNKNOWN).getFirst());
      case VACUOUS -> undecided(with(properties, Status.VACUOUS).getFirst());
    };
  }

  private static String undecided(Property property) {
    return property.name() + ": " + property.detail();
  }

  private static List<Property> with(List<Property> properties, Status status) {
    return properties.stream().filter(p -> p.status() == status).toList();
  }

  private static String plural(int properties) {
    return properties == 1 ? "property" : "properties";
  }

  /// " through 9 SIGKILLs of workers and one SIGKILL of a broker", or that nothing disturbed it.
  private static String through(List<FaultOutcome> faults) {
    if (faults.isEmpty()) {
      return " without any fault";
    }
    Map<String, Integer> kinds = new TreeMap<>();
    int workers = 0;
    int brokers = 0;
    for (FaultOutcome fault : faults) {
      workers += fault.sigkills();
      if (fault.id().startsWith("B") && fault.kind().startsWith("kill-")) {
        brokers++;
      } else if (fault.sigkills() == 0) {
        kinds.merge(noun(fault.kind()), 1, Integer::sum);
      }
    }
    List<String> parts = new ArrayList<>();
    if (workers > 0) {
      parts.add(number(workers) + (workers == 1 ? " SIGKILL of a worker" : " SIGKILLs of workers"));
    }
    if (brokers > 0) {
      parts.add(number(brokers) + (brokers == 1 ? " broker kill" : " broker kills"));
    }
    kinds.forEach((kind, n) -> parts.add(number(n) + " " + kind + (n == 1 ? "" : "s")));
    if (parts.isEmpty()) {
      return "";
    }
    String last = parts.removeLast();
    return " through " + (parts.isEmpty() ? last : String.join(", ", parts) + " and " + last);
  }

  /// A kind in a sentence: what was done to lose something has lost it there.
  private static String noun(String kind) {
    return kind.replaceFirst("^lose-", "lost-").replace('-', ' ');
  }

  private static String number(int n) {
    return n < NUMBERS.size() ? NUMBERS.get(n) : count(n);
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
