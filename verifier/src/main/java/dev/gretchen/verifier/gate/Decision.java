package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.gate.Finding.Ruling;
import java.util.List;

/// What a gate decided, and why.
///
/// @param policy its name
/// @param runs how many there were
/// @param findings of all rules, in the order of the policy's parts
public record Decision(String policy, int runs, List<Finding> findings) {

  public Decision {
    findings = List.copyOf(findings);
  }

  /// Whether nothing was refused.
  public boolean passes() {
    return of(Ruling.REFUSED).isEmpty();
  }

  /// The findings that came out so.
  public List<Finding> of(Ruling ruling) {
    return findings.stream().filter(finding -> finding.ruling() == ruling).toList();
  }

  /// All findings, those that refuse first.
  public List<Finding> byUrgency() {
    return Finding.sorted(findings);
  }

  /// The decision in one sentence.
  public String sentence() {
    int refused = of(Ruling.REFUSED).size();
    String over = Figures.count(runs, "run");
    return passes()
        ? "Policy %s lets %s pass: %s hold%s."
            .formatted(
                policy,
                over,
                Figures.count(of(Ruling.HELD).size(), "rule"),
                of(Ruling.HELD).size() == 1 ? "s" : "")
        : "Policy %s refuses %s: %s of %d do%s not hold."
            .formatted(
                policy,
                over,
                Figures.count(refused, "rule"),
                findings.size(),
                refused == 1 ? "es" : "");
  }
}
