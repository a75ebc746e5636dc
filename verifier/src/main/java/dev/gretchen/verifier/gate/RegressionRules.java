package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.gate.Policy.Reaction;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Whether something has become worse than in earlier runs.
///
/// Compared are the medians of runs that were asked the same ([Asked]). A change for the worse is
/// refused where it is both larger than the policy allows and larger than chance explains: three
/// standard errors of the difference of the two medians ([Spread]), after C. Leys et al., Detecting
/// outliers: do not use standard deviation around the mean, use absolute deviation around the
/// median, J. Exp. Soc. Psychology 49 (2013). Where few runs of today have no spread of their own,
/// they are taken to spread as the baseline does.
final class RegressionRules {

  private static final double ERRORS = 3;

  /// What is smaller than that is nothing that the measures can tell.
  private static final double RESOLUTION = 1;

  private static final String RULE = "regression";

  private final Policy.Regression policy;
  private final Map<Asked, List<RecordedRun>> today;
  private final Map<Asked, List<RecordedRun>> baseline;

  private RegressionRules(Policy.Regression policy, GateInput input) {
    this.policy = policy;
    this.today = byWhatWasAsked(input.runs());
    this.baseline = byWhatWasAsked(input.baseline());
  }

  static List<Finding> findings(Policy.Regression policy, GateInput input) {
    return policy.allowed().isEmpty() ? List.of() : new RegressionRules(policy, input).findings();
  }

  /// Only runs that passed: what a failed run measured is not how good the app is.
  private static Map<Asked, List<RecordedRun>> byWhatWasAsked(List<RecordedRun> runs) {
    Map<Asked, List<RecordedRun>> groups = new LinkedHashMap<>();
    for (RecordedRun run : runs) {
      if (run.entry().outcome() == Outcome.PASS) {
        groups.computeIfAbsent(Asked.of(run), _ -> new ArrayList<>()).add(run);
      }
    }
    return groups;
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    int without = 0;
    for (Map.Entry<Asked, List<RecordedRun>> group : today.entrySet()) {
      List<RecordedRun> before = baseline.getOrDefault(group.getKey(), List.of());
      if (before.size() < policy.baselineMin()) {
        without += group.getValue().size();
        continue;
      }
      policy
          .allowed()
          .forEach((measure, allowed) ->
              findings.add(
                  compare(group.getKey().app(), measure, allowed, group.getValue(), before)));
    }
    if (findings.isEmpty()) {
      findings.add(
          missing(
              "Nothing could be compared: for %s there are fewer than %s before that passed and were asked the same."
                  .formatted(
                      Figures.count(without, "run"), Figures.count(policy.baselineMin(), "run"))));
    }
    return findings;
  }

  private Finding missing(String sentence) {
    return policy.missing() == Reaction.ACCEPT
        ? Finding.undecided(RULE, sentence)
        : Finding.refused(RULE, sentence);
  }

  private Finding compare(
      String app,
      Measure measure,
      double allowed,
      List<RecordedRun> after,
      List<RecordedRun> before) {
    double[] now = values(measure, after);
    double[] then = values(measure, before);
    String rule = RULE + ": " + measure.word();
    if (now.length == 0 || then.length < policy.baselineMin()) {
      return Finding.undecided(
          rule,
          "%s of %s was measured in %s and in %s before, too few to compare."
              .formatted(
                  measure.word(),
                  app,
                  Figures.count(now.length, "run"),
                  Figures.count(then.length, "run")));
    }
    Comparison comparison = Comparison.of(Spread.of(now), Spread.of(then));
    String figures =
        "%s of %s: median %s over %s, %s over %s before; worse by %s, allowed %s; noise %s."
            .formatted(
                measure.word(),
                app,
                value(measure, comparison.now.middle()),
                Figures.count(now.length, "run"),
                value(measure, comparison.then.middle()),
                Figures.count(then.length, "run"),
                Figures.percent(comparison.worse()),
                Figures.percent(allowed),
                value(measure, comparison.noise()));
    if (comparison.worse() <= allowed) {
      return Finding.held(rule, figures);
    }
    return comparison.isBeyondNoise()
        ? Finding.refused(rule, figures)
        : Finding.undecided(rule, figures + " More runs would decide.");
  }

  /// Two medians.
  record Comparison(Spread now, Spread then, double noise) {

    static Comparison of(Spread now, Spread then) {
      double before = Math.max(RESOLUTION, then.spread());
      double after = Math.max(before, now.spread());
      double noise =
          ERRORS * Math.hypot(Spread.error(after, now.count()), Spread.error(before, then.count()));
      return new Comparison(now, then, noise);
    }

    /// The relative change for the worse.
    double worse() {
      return (now.middle() - then.middle()) / Math.max(RESOLUTION, then.middle());
    }

    boolean isBeyondNoise() {
      return now.middle() - then.middle() > noise;
    }
  }

  private static double[] values(Measure measure, List<RecordedRun> runs) {
    return runs.stream().flatMapToDouble(run -> measure.of(run).stream()).toArray();
  }

  private static String value(Measure measure, double value) {
    return String.format(Locale.ROOT, "%,.1f %s", value, measure.unit());
  }
}
