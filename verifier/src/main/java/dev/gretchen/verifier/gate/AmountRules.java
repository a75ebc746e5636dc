package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether there is enough to decide on.
final class AmountRules {

  private static final String RULE = "runs";

  private AmountRules() {}

  static List<Finding> findings(Policy.Amount amount, GateInput input) {
    List<Finding> findings = new ArrayList<>();
    List<RecordedRun> decided = input.where(AmountRules::isDecided);
    findings.add(
        Finding.of(
            decided.size() >= amount.runsMin(),
            RULE,
            "%s of %d ended with PASS or FAIL, at least %d must."
                .formatted(
                    Figures.count(decided.size(), "run"), input.runs().size(), amount.runsMin())));
    for (String app : amount.apps()) {
      long of = decided.stream().filter(run -> run.entry().app().equals(app)).count();
      findings.add(
          Finding.of(
              of > 0,
              RULE + ": " + app,
              "%s of %s decided.".formatted(Figures.count(of, "run"), app)));
    }
    broken(amount, input).ifPresent(findings::add);
    if (amount.failureRateMax() < 1) {
      long failed =
          input.verdicts().stream().filter(each -> each.verdict() == Outcome.FAIL).count();
      FailureRate rate = FailureRate.of(decided.size(), failed);
      findings.add(
          Finding.of(
              rate.bound() <= amount.failureRateMax(),
              RULE + ": failure-rate",
              "%d of %s failed, so with %s confidence at most %s of such runs fail; the limit is %s."
                  .formatted(
                      failed,
                      Figures.count(decided.size(), "run"),
                      Figures.percent(FailureRate.CONFIDENCE),
                      Figures.percent(rate.bound()),
                      Figures.percent(amount.failureRateMax()))));
    }
    return findings;
  }

  private static boolean isDecided(Verdict verdict) {
    return verdict.verdict() == Outcome.PASS || verdict.verdict() == Outcome.FAIL;
  }

  private static Optional<Finding> broken(Policy.Amount amount, GateInput input) {
    List<RecordedRun> broken =
        input.runs().stream()
            .filter(
                run -> run.verdict().isEmpty() || run.entry().outcome() == Outcome.HARNESS_ERROR)
            .toList();
    return broken.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                broken.size() <= amount.brokenMax(),
                RULE + ": broken",
                "%s of %d said nothing, %d may; the first is %s: %s"
                    .formatted(
                        Figures.count(broken.size(), "run"),
                        input.runs().size(),
                        amount.brokenMax(),
                        broken.getFirst().entry().path(),
                        broken.getFirst().entry().sentence())));
  }
}
