package dev.gretchen.verifier.gate;

import java.util.ArrayList;
import java.util.List;

/// Holds a policy against runs. Pure: the same policy and runs, the same decision.
public final class Gate {

  private Gate() {}

  /// Decides.
  public static Decision decide(Policy policy, GateInput input) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(AmountRules.findings(policy.amount(), input));
    findings.addAll(VerdictRules.findings(policy, input));
    findings.addAll(LimitRules.findings(policy, input));
    findings.addAll(AssuranceRules.findings(policy.assurance(), input));
    findings.addAll(CoverageRules.findings(policy.coverage(), input));
    findings.addAll(RegressionRules.findings(policy.regression(), input));
    return new Decision(policy.name(), input.runs().size(), findings);
  }
}
