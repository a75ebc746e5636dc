package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.gate.Finding.Ruling;
import dev.gretchen.verifier.gate.Policy.KnownIssue;
import dev.gretchen.verifier.gate.Policy.Reaction;
import dev.gretchen.verifier.gate.Policy.Reactions;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the properties of all runs come to, section by section.
///
/// A run that the harness or its machine broke off says nothing of its app, so its properties do
/// not count; how many such runs may be there is a rule of its own ([AmountRules]).
final class VerdictRules {

  private final Policy policy;
  private final GateInput input;
  private final List<Finding> findings = new ArrayList<>();

  private VerdictRules(Policy policy, GateInput input) {
    this.policy = policy;
    this.input = input;
  }

  static List<Finding> findings(Policy policy, GateInput input) {
    VerdictRules rules = new VerdictRules(policy, input);
    for (Section section : Section.values()) {
      rules.judge(section);
    }
    rules.unexplained();
    rules.knownIssues();
    return rules.findings;
  }

  /// A property of a run that did not pass.
  private record Blemish(RecordedRun run, Property property) {

    String where() {
      return property.name() + " in " + run.entry().path();
    }
  }

  private void judge(Section section) {
    Reactions reactions = policy.reactionsTo(section);
    String name = section.name().toLowerCase(Locale.ROOT);
    List<Blemish> blemishes = blemishes(section);
    List<Finding> found = new ArrayList<>();
    failures(section, reactions, of(blemishes, Status.FAIL)).forEach(found::add);
    doubts(name, Status.UNKNOWN, reactions.unknown(), of(blemishes, Status.UNKNOWN))
        .ifPresent(found::add);
    doubts(name, Status.VACUOUS, reactions.vacuous(), of(blemishes, Status.VACUOUS))
        .ifPresent(found::add);
    long passed =
        decided().stream()
            .flatMap(run -> run.properties().stream())
            .filter(property -> property.section() == section)
            .filter(property -> property.status() == Status.PASS)
            .count();
    if (found.isEmpty()) {
      found.add(
          Finding.of(
              passed > 0,
              name,
              passed > 0
                  ? "All %s of %s passed."
                      .formatted(
                          Figures.count(passed, name + " judgement"),
                          Figures.count(decided().size(), "run"))
                  : "Not one property of this section was judged, which proves nothing."));
    }
    findings.addAll(found);
  }

  private List<RecordedRun> decided() {
    return input.where(verdict -> verdict.verdict() != Outcome.HARNESS_ERROR);
  }

  private List<Blemish> blemishes(Section section) {
    List<Blemish> blemishes = new ArrayList<>();
    for (RecordedRun run : decided()) {
      for (Property property : run.properties()) {
        if (property.section() == section
            && property.status() != Status.PASS
            && property.status() != Status.SKIPPED) {
          blemishes.add(new Blemish(run, property));
        }
      }
    }
    return blemishes;
  }

  private static List<Blemish> of(List<Blemish> blemishes, Status status) {
    return blemishes.stream().filter(each -> each.property.status() == status).toList();
  }

  /// A verdict may be worse than all of its properties; the gate is never greener than a verdict.
  private void unexplained() {
    List<RecordedRun> worse =
        input.where(verdict ->
            verdict.verdict() != Outcome.PASS
                && verdict.verdict() != Outcome.HARNESS_ERROR
                && verdict.properties().stream()
                    .allMatch(property ->
                        property.status() == Status.PASS || property.status() == Status.SKIPPED));
    if (!worse.isEmpty()) {
      findings.add(
          Finding.refused(
              "verdict",
              "%s not ended with PASS, and no property says why; the first is %s: %s"
                  .formatted(
                      worse.size() == 1 ? "1 run has" : worse.size() + " runs have",
                      worse.getFirst().entry().path(),
                      worse.getFirst().entry().sentence())));
    }
  }

  // violations

  /// One finding for each violation that runs have in common.
  private List<Finding> failures(Section section, Reactions reactions, List<Blemish> failed) {
    Map<String, List<Blemish>> byViolation = new LinkedHashMap<>();
    for (Blemish each : failed) {
      String violation = each.run.violation(each.property).orElse(each.property.name());
      byViolation.computeIfAbsent(violation, _ -> new ArrayList<>()).add(each);
    }
    List<Finding> found = new ArrayList<>();
    byViolation.forEach((violation, all) -> found.add(failure(section, reactions, violation, all)));
    return found;
  }

  private Finding failure(
      Section section, Reactions reactions, String violation, List<Blemish> all) {
    String name = section.name().toLowerCase(Locale.ROOT);
    Blemish last = all.getLast();
    String what =
        "%s in %s, last in %s: %s"
            .formatted(
                violation,
                Figures.count(all.size(), "run"),
                last.run.entry().path(),
                last.property.detail());
    Optional<KnownIssue> known = known(violation);
    return switch (section) {
      case SAFETY ->
          Finding.refused(
              name,
              known.isEmpty()
                  ? what
                  : what + " The policy lists it as known, but safety cannot be waived.");
      case LIVENESS ->
          known
              .map(issue -> waived(name, what, issue))
              .orElseGet(() -> Finding.refused(name, what));
      case PLATFORM ->
          reactions.fail() == Reaction.ACCEPT
              ? Finding.undecided(name, "Let pass by the policy, as no fault of the app: " + what)
              : Finding.refused(name, "Kafka's or the machine's fault, and not the app's: " + what);
    };
  }

  private Finding waived(String name, String what, KnownIssue issue) {
    return input.today().isAfter(issue.expires())
        ? Finding.refused(
            name,
            "%s It was let pass until %s (%s).".formatted(what, issue.expires(), issue.issue()))
        : new Finding(
            name,
            Ruling.WAIVED,
            "%s Let pass until %s: %s".formatted(what, issue.expires(), issue.issue()));
  }

  private Optional<KnownIssue> known(String violation) {
    return policy.known().stream()
        .filter(issue -> violation.startsWith(issue.violation()))
        .findFirst();
  }

  /// A known issue that was not met is said, so that it may be taken off the list.
  private void knownIssues() {
    for (KnownIssue issue : policy.known()) {
      boolean met =
          decided().stream()
              .flatMap(
                  run -> run.properties().stream().flatMap(each -> run.violation(each).stream()))
              .anyMatch(violation -> violation.startsWith(issue.violation()));
      if (!met) {
        findings.add(
            Finding.undecided(
                "known",
                "%s (%s) was not met in %s; once it is solved, take it off the policy."
                    .formatted(
                        issue.violation(), issue.issue(), Figures.count(decided().size(), "run"))));
      }
    }
  }

  // doubts

  private Optional<Finding> doubts(
      String name, Status status, Reaction reaction, List<Blemish> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    List<Blemish> open =
        switch (reaction) {
          case REFUSE -> all;
          case RETRIED -> all.stream().filter(each -> !isRetried(each)).toList();
          case ACCEPT -> List.of();
        };
    String what = status == Status.UNKNOWN ? "could not be decided" : "compared nothing";
    if (open.isEmpty()) {
      return Optional.of(
          Finding.undecided(
              name,
              "%s %s, the first is %s; %s."
                  .formatted(
                      Figures.count(all.size(), "judgement"),
                      what,
                      all.getFirst().where(),
                      reaction == Reaction.RETRIED
                          ? "each was decided by another run of its seed"
                          : "the policy accepts that")));
    }
    return Optional.of(
        Finding.refused(
            name,
            "%s %s; the first is %s: %s"
                .formatted(
                    Figures.count(open.size(), "judgement"),
                    what,
                    open.getFirst().where(),
                    open.getFirst().property.detail())));
  }

  private boolean isRetried(Blemish blemish) {
    return decided().stream()
        .filter(run -> run.entry().app().equals(blemish.run.entry().app()))
        .filter(run -> run.entry().seed() == blemish.run.entry().seed())
        .flatMap(run -> run.properties().stream())
        .filter(property -> property.name().equals(blemish.property.name()))
        .anyMatch(property -> property.status() == Status.PASS);
  }
}
