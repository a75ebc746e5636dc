package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The phases of a takeover in the order in which they usually come.
final class Phases {

  static final List<String> KNOWN =
      List.of("detected", "fenced", "reassigned", "recovered", "firstOutput", "caughtUp");

  private static final int WORDS_MAX = 24;

  private Phases() {}

  /// The known phases, then any other that one of the faults has.
  static List<String> columns(List<FaultOutcome> faults) {
    List<String> columns = new ArrayList<>(KNOWN);
    faults.stream()
        .flatMap(fault -> fault.phases().keySet().stream())
        .distinct()
        .sorted()
        .filter(name -> !KNOWN.contains(name))
        .forEach(columns::add);
    return columns;
  }

  /// `first output` for `firstOutput`.
  static String words(String phase) {
    StringBuilder out = new StringBuilder();
    for (char c : PlainText.line(phase).toCharArray()) {
      if (Character.isUpperCase(c)) {
        out.append(' ').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return PlainText.shortLine(out.toString(), WORDS_MAX);
  }

  /// The phases that a fault reached, the earliest first.
  static List<Map.Entry<String, Long>> inTime(FaultOutcome fault, List<String> columns) {
    return fault.phases().entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> phase) -> phase.getValue())
                .thenComparingInt(phase -> columns.indexOf(phase.getKey())))
        .toList();
  }

  /// The longest time that any phase of these faults took, at least one millisecond.
  static long longestMillis(List<FaultOutcome> faults) {
    return faults.stream()
        .flatMap(fault -> fault.phases().values().stream())
        .mapToLong(Long::longValue)
        .reduce(1, Math::max);
  }
}
