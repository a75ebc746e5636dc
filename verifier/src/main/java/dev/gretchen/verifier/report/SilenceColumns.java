package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import java.util.List;

/// How long partitions were silent after a fault, as columns beside the phases.
final class SilenceColumns {

  private static final List<String> KNOWN = List.of("owned", "others", "usual");

  private SilenceColumns() {}

  /// Those that one of the faults has a number for.
  static List<String> of(List<FaultOutcome> faults) {
    return KNOWN.stream()
        .filter(whose -> faults.stream().anyMatch(fault -> fault.silence().containsKey(whose)))
        .toList();
  }

  /// The head of a column.
  static String words(String whose) {
    return switch (whose) {
      case "owned" -> "silent";
      case "others" -> "others";
      default -> "usual";
    };
  }

  /// What a column is about, in a sentence.
  static final String LEGEND =
      "Silent: the longest time without an output, of a partition that the victim held; others: of any other"
          + " one; usual: without a fault.";
}
