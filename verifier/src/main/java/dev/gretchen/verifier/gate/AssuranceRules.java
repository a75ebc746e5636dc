package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.check.CleanRestartCheck;
import dev.gretchen.verifier.gate.GateInput.StoredCalibration;
import dev.gretchen.verifier.gate.Policy.Presence;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether the judge saw what it had to see: replay and leaks, a falsified history, and an engine
/// that is broken on purpose.
final class AssuranceRules {

  private static final String LEAK = "leak";

  private AssuranceRules() {}

  static List<Finding> findings(Policy.Assurance assurance, GateInput input) {
    List<Finding> findings = new ArrayList<>();
    seen(
            "replay: clean-handover",
            assurance.cleanHandover(),
            name -> name.equals(CleanRestartCheck.NAME),
            input)
        .ifPresent(findings::add);
    seen("leaks", assurance.leaks(), name -> name.startsWith(LEAK), input).ifPresent(findings::add);
    history(assurance.calibration(), input).ifPresent(findings::add);
    canary(assurance.canary(), input).ifPresent(findings::add);
    return findings;
  }

  /// That some property was judged at all; what it came to is the affair of its section.
  private static Optional<Finding> seen(
      String rule, Presence presence, Predicate<String> isMeant, GateInput input) {
    long runs = 0;
    long compared = 0;
    for (RecordedRun run : input.runs()) {
      List<Property> meant =
          run.properties().stream()
              .filter(property -> isMeant.test(property.name()))
              .filter(
                  property -> property.status() == Status.PASS || property.status() == Status.FAIL)
              .toList();
      runs += meant.isEmpty() ? 0 : 1;
      compared += meant.stream().mapToLong(Property::compared).sum();
    }
    if (runs > 0) {
      return Optional.of(
          Finding.held(
              rule,
              "Judged in %s, with %s."
                  .formatted(Figures.count(runs, "run"), Figures.count(compared, "comparison"))));
    }
    return presence == Presence.REQUIRED
        ? Optional.of(
            Finding.refused(
                rule,
                "Judged in none of %s, and the policy requires it."
                    .formatted(Figures.count(input.runs().size(), "run"))))
        : Optional.empty();
  }

  private static Optional<Finding> history(Presence presence, GateInput input) {
    String rule = "calibration: history";
    Optional<StoredCalibration> own =
        input.calibrations().stream()
            .filter(each -> each.judge().equals(input.judge()))
            .reduce((_, later) -> later);
    if (own.isPresent()) {
      StoredCalibration found = own.get();
      return Optional.of(
          Finding.of(
              found.passed(),
              rule,
              "This judge (%s) convicted %d falsified histories%s, by %s."
                  .formatted(
                      input.judge(),
                      found.mutants(),
                      found.passed() ? "" : ", but not all, or a checker is proven by none",
                      found.path())));
    }
    if (presence != Presence.REQUIRED) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.refused(
            rule,
            input.calibrations().isEmpty()
                ? "No calibration was found; make one with ./gretchen calibrate RUN."
                : "Of this judge (%s) there is no calibration, only of another (%s); make one with ./gretchen calibrate RUN."
                    .formatted(input.judge(), input.calibrations().getLast().path())));
  }

  private static Optional<Finding> canary(Presence presence, GateInput input) {
    String rule = "calibration: canary";
    if (input.canaries().isEmpty()) {
      return presence == Presence.REQUIRED
          ? Optional.of(
              Finding.refused(
                  rule, "No run of a broken engine was found; ./gretchen soak makes one."))
          : Optional.empty();
    }
    // caught by what it does wrong, not by being slow
    List<RecordedRun> missed =
        input.canaries().stream().filter(run -> !run.violatesSafety()).toList();
    return Optional.of(
        missed.isEmpty()
            ? Finding.held(
                rule,
                "Broken engines were caught in each of %s."
                    .formatted(Figures.count(input.canaries().size(), "run")))
            : Finding.refused(
                rule,
                "A broken engine was not caught in %d of %s; the first is %s: %s"
                    .formatted(
                        missed.size(),
                        Figures.count(input.canaries().size(), "run"),
                        missed.getFirst().entry().path(),
                        missed.getFirst().entry().sentence())));
  }
}
