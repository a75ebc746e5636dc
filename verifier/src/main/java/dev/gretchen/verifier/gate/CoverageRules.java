package dev.gretchen.verifier.gate;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether the runs together tried what they are for.
final class CoverageRules {

  private static final String RULE = "coverage";

  private CoverageRules() {}

  static List<Finding> findings(Policy.Coverage coverage, GateInput input) {
    List<Finding> findings = new ArrayList<>();
    if (!coverage.faults().isEmpty()) {
      findings.add(faults(coverage.faults(), input));
    }
    if (!coverage.situations().isEmpty()) {
      findings.add(situations(coverage.situations(), input));
    }
    if (coverage.eventsMin() > 0) {
      findings.add(
          atLeast(
              "events",
              input.verdicts().stream().mapToLong(Verdict::events).sum(),
              coverage.eventsMin()));
    }
    if (coverage.crashesMin() > 0) {
      findings.add(
          atLeast(
              "crashes",
              input.runs().stream()
                  .flatMap(run -> run.faults().stream())
                  .mapToLong(FaultOutcome::sigkills)
                  .sum(),
              coverage.crashesMin()));
    }
    return findings;
  }

  private static Finding atLeast(String what, long found, long least) {
    return Finding.of(
        found >= least,
        RULE + ": " + what,
        String.format(Locale.ROOT, "%,d in all, at least %,d are required.", found, least));
  }

  private static Finding faults(Set<FaultKind> required, GateInput input) {
    Set<String> proven =
        input.runs().stream()
            .flatMap(run -> run.faults().stream())
            .map(FaultOutcome::kind)
            .collect(Collectors.toSet());
    Map<String, String> reasons = reasons(input);
    List<String> missing =
        required.stream().map(FaultKind::word).filter(word -> !proven.contains(word)).toList();
    String found =
        "%d of %d required kinds of faults had a proven effect"
            .formatted(required.size() - missing.size(), required.size());
    if (missing.isEmpty()) {
      return Finding.held(RULE + ": faults", found + ".");
    }
    List<String> explained =
        missing.stream()
            .map(word -> reasons.containsKey(word) ? word + " (" + reasons.get(word) + ")" : word)
            .toList();
    return Finding.refused(
        RULE + ": faults", found + "; missing are " + Figures.names(explained) + ".");
  }

  /// Why a kind was skipped, the last time it was.
  private static Map<String, String> reasons(GateInput input) {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (RecordedRun run : input.runs()) {
      for (SkippedFault skipped : run.verdict().map(Verdict::skipped).orElse(List.of())) {
        reasons.put(skipped.kind(), skipped.reason());
      }
    }
    return reasons;
  }

  private static Finding situations(List<String> required, GateInput input) {
    Map<String, Long> times =
        input.verdicts().stream()
            .flatMap(verdict -> verdict.situations().stream())
            .collect(
                Collectors.groupingBy(Situation::name, Collectors.summingLong(Situation::times)));
    List<String> missing =
        required.stream().filter(name -> times.getOrDefault(name, 0L) == 0).toList();
    String found =
        "%d of %d required situations were met"
            .formatted(required.size() - missing.size(), required.size());
    return missing.isEmpty()
        ? Finding.held(RULE + ": situations", found + ".")
        : Finding.refused(
            RULE + ": situations", found + "; missing are " + Figures.names(missing) + ".");
  }
}
