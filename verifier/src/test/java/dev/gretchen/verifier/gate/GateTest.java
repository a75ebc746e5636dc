package dev.gretchen.verifier.gate;

import static dev.gretchen.verifier.gate.GateRuns.compared;
import static dev.gretchen.verifier.gate.GateRuns.failed;
import static dev.gretchen.verifier.gate.GateRuns.input;
import static dev.gretchen.verifier.gate.GateRuns.passed;
import static dev.gretchen.verifier.gate.GateRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.gate.Finding.Ruling;
import dev.gretchen.verifier.gate.GateInput.StoredCalibration;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Each rule where it holds and where it does not.
class GateTest {

  private static final String HEAD = "schema: gretchen.policy/1\nname: mine\n";

  @Test
  void letsARunPassThatPassed() {
    Decision decision = decide("", input(run().done()));

    assertThat(decision.passes()).as(decision.toString()).isTrue();
    assertThat(decision.sentence()).isEqualTo("Policy mine lets 1 run pass: 4 rules hold.");
    assertThat(decision.findings())
        .extracting(Finding::rule)
        .containsExactly("runs", "safety", "liveness", "platform");
  }

  @Test
  void refusesWhatIsNoRun() {
    Decision decision = decide("", input());

    assertRefused(decision, "runs", "0 runs of 0 ended with PASS or FAIL, at least 1 must");
  }

  @Test
  void refusesTooFewRunsAndAnAppWithoutOne() {
    Decision decision =
        decide(
            "runs: {min: 3, apps: [order-enrichment]}", input(run().done(), run().seed(8).done()));

    assertRefused(decision, "runs", "2 runs of 2 ended with PASS or FAIL, at least 3 must");
    assertRefused(decision, "runs: order-enrichment", "0 runs of order-enrichment decided");
  }

  @Test
  void refusesAFailureRateThatSoFewRunsCannotBound() {
    List<RecordedRun> runs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      runs.add(run().seed(i).done());
    }
    assertThat(decide("runs: {failure-rate-max: 14%}", compared(runs, List.of())).passes())
        .isTrue();
    assertRefused(
        decide("runs: {failure-rate-max: 13%}", compared(runs, List.of())),
        "runs: failure-rate",
        "0 of 20 runs failed, so with 95.0 % confidence at most 13.9 % of such runs fail");
  }

  @Test
  void refusesRunsThatTheHarnessBrokeOff() {
    RecordedRun broken = run().seed(8).ended(Outcome.HARNESS_ERROR);
    RecordedRun gone = run().seed(9).brokenOff();

    assertRefused(
        decide("", input(run().done(), broken, gone)),
        "runs: broken",
        "2 runs of 3 said nothing, 0 may; the first is runs/word-colors/run-8");
    assertThat(decide("runs: {broken-max: 2}", input(run().done(), broken, gone)).passes())
        .isTrue();
  }

  // sections

  @Test
  void neverLetsAViolationOfSafetyPass() {
    RecordedRun lost = run().with(failed("stream-exact:colors", Section.SAFETY, "lost")).done();
    String known =
        """
        known:
          - {violation: "stream-exact:colors lost", issue: "#1", expires: 2099-01-01}
        """;

    assertRefused(
        decide("", input(lost)),
        "safety",
        "stream-exact:colors lost in 1 run, last in runs/word-colors/run-7: Key red is wrong.");
    assertRefused(decide(known, input(lost)), "safety", "but safety cannot be waived");
  }

  @Test
  void letsAKnownViolationOfLivenessPassUntilItsDay() {
    RecordedRun silent = run().with(failed("progress:colors", Section.LIVENESS, "silent")).done();
    String known =
        "known:\n  - {violation: \"progress:colors silent\", issue: \"#12\", expires: %s}";

    assertRefused(decide("", input(silent)), "liveness", "progress:colors silent in 1 run");
    Decision waived = decide(known.formatted("2026-11-22"), input(silent));
    assertThat(waived.passes()).isTrue();
    assertThat(waived.of(Ruling.WAIVED))
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.sentence()).contains("Let pass until 2026-11-22: #12"));
    assertRefused(
        decide(known.formatted("2026-11-21"), input(silent)),
        "liveness",
        "It was let pass until 2026-11-21 (#12)");
  }

  @Test
  void saysThatAKnownViolationWasNotMet() {
    Decision decision =
        decide(
            "known:\n  - {violation: drain, issue: \"#3\", expires: 2027-01-01}",
            input(run().done()));

    assertThat(decision.passes()).isTrue();
    assertThat(decision.of(Ruling.UNDECIDED))
        .singleElement()
        .satisfies(finding -> assertThat(finding.sentence()).startsWith("drain (#3) was not met"));
  }

  @Test
  void refusesADoubtUnlessItsSeedWasRunAgain() {
    RecordedRun doubtful =
        run().with(Property.unknown("stream-exact:colors", Section.SAFETY, 1, "too late")).done();
    RecordedRun again = run().at(9_000).done();
    RecordedRun other = run().seed(8).done();
    String retried = "safety: {unknown: retried}";

    assertRefused(decide("", input(doubtful, again)), "safety", "1 judgement could not be decided");
    assertRefused(decide(retried, input(doubtful, other)), "safety", "too late");
    Decision decision = decide(retried, input(doubtful, again));
    assertThat(decision.passes()).as(decision.toString()).isTrue();
    assertThat(decision.of(Ruling.UNDECIDED))
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.sentence()).contains("decided by another run of its seed"));
  }

  @Test
  void refusesWhatComparedNothingUnlessThePolicyAcceptsIt() {
    RecordedRun idle =
        run().with(Property.of("faults-proven", Section.PLATFORM, 0, "", List.of(), 0)).done();

    assertRefused(
        decide("", input(idle, run().seed(8).done())), "platform", "1 judgement compared nothing");
    assertThat(decide("platform: {vacuous: accept}", input(idle, run().seed(8).done())).passes())
        .isTrue();
  }

  @Test
  void refusesASectionOfWhichNothingWasJudged() {
    RecordedRun run =
        run().with(Property.skipped("stream-exact:colors", Section.SAFETY, "no topic")).done();

    assertRefused(decide("", input(run)), "safety", "which proves nothing");
  }

  @Test
  void tellsKafkasFaultFromTheApps() {
    RecordedRun run = run().with(failed("platform-log:words", Section.PLATFORM, "lost")).done();

    assertRefused(decide("", input(run)), "platform", "Kafka's or the machine's fault");
    assertThat(decide("platform: {fail: accept}", input(run)).passes()).isTrue();
  }

  @Test
  void isNeverGreenerThanAVerdict() {
    RecordedRun idle = run().seed(8).ended(Outcome.VACUOUS);

    assertRefused(
        decide("platform: {vacuous: accept}", input(run().done(), idle)),
        "verdict",
        "1 run has not ended with PASS, and no property says why; the first is"
            + " runs/word-colors/run-8");
  }

  /// Whatever a policy accepts, and whatever it lists as known.
  @net.jqwik.api.Property(tries = 200)
  void noPolicyLetsAViolationOfSafetyPass(
      @ForAll Set<@IntRange(max = 7) Integer> lines,
      @ForAll @IntRange(min = 1, max = 25) int known) {
    List<String> lenient =
        List.of(
            "runs: {broken-max: 99}",
            "safety: {unknown: retried, vacuous: retried}",
            "liveness: {unknown: accept, vacuous: accept}",
            "platform: {fail: accept, unknown: accept, vacuous: accept}",
            "recovery: {others: {max: 1h}}",
            "calibration: {history: if-present, canary: if-present}",
            "regression: {missing: accept, latency-p50: 1000%}",
            "known: [{violation: \"%s\", issue: none, expires: 2099-01-01}]"
                .formatted("stream-exact:colors lost ".substring(0, known)));
    StringBuilder policy = new StringBuilder();
    lines.forEach(line -> policy.append(lenient.get(line)).append('\n'));
    RecordedRun lost = run().with(failed("stream-exact:colors", Section.SAFETY, "lost")).done();

    assertRefused(
        decide(policy.toString(), input(run().seed(8).done(), lost)),
        "safety",
        "stream-exact:colors lost in 1 run");
  }

  // limits

  @Test
  void holdsRecoveryAndUnavailabilityToTheirLimits() {
    GateInput runs =
        input(
            run().fault("kill-owner", 900, 300).fault("kill-owner", 1_100, 2_000).done(),
            run().seed(8).fault("kill-broker", 9_000, 9_000).done());

    assertThat(
            decide(
                    """
                    recovery: {kill-owner: {p50: 1s, max: 1100ms}, others: {max: 9s}}
                    unavailability: {kill-owner: {p50: 300ms, max: 2s}}
                    """,
                    runs)
                .passes())
        .isTrue();
    assertRefused(
        decide("recovery: {kill-owner: {p50: 899ms, max: 2s}}", runs),
        "recovery: kill-owner",
        "p50 900 ms (limit 899 ms), max 1.10 s (limit 2.00 s) over 2 faults.");
    assertRefused(
        decide("unavailability: {others: {p99: 8s}}", runs),
        "unavailability: kill-broker",
        "p99 9.00 s (limit 8.00 s) over 1 fault.");
  }

  @Test
  void refusesALimitOnAFaultThatWasNotMeasured() {
    Decision idle = decide("recovery: {others: {max: 1h}}", input(run().done()));
    assertThat(idle.passes()).isTrue();
    assertThat(idle.of(Ruling.UNDECIDED)).extracting(Finding::rule).containsExactly("recovery");
    assertRefused(
        decide("recovery: {kill-owner: {max: 1h}}", input(run().done())),
        "recovery: kill-owner",
        "No kill-owner was measured");
  }

  @Test
  void holdsTheWorstRunToTheServiceLevels() {
    GateInput runs = input(run().done(), run().seed(8).latency(100, 900).done());

    assertThat(decide("service: {availability-min: 80%, latency-p99-max: 900ms}", runs).passes())
        .isTrue();
    Decision decision = decide("service: {availability-min: 81%, latency-p99-max: 899ms}", runs);
    assertRefused(decision, "service: availability", "up for 80.0 % of its seconds");
    assertRefused(decision, "service: latency", "runs/word-colors/run-8, has a p99 of 900 ms");
  }

  // coverage

  @Test
  void refusesRunsThatDidNotTryEnough() {
    GateInput runs =
        input(
            run()
                .fault("kill-owner", 1, 1)
                .without("full-disk", "no tmpfs")
                .met("takeover", 2)
                .met("commit-refused", 0)
                .done());

    assertThat(
            decide(
                    "coverage: {faults: [kill-owner], situations: [takeover], events-min: 1_000, crashes-min: 1}",
                    runs)
                .passes())
        .isTrue();
    Decision decision =
        decide(
            "coverage: {faults: [kill-owner, full-disk], situations: [takeover, commit-refused], events-min: 1_001, crashes-min: 2}",
            runs);
    assertRefused(
        decision,
        "coverage: faults",
        "1 of 2 required kinds of faults had a proven effect; missing are full-disk (no tmpfs).");
    assertRefused(decision, "coverage: situations", "missing are commit-refused.");
    assertRefused(decision, "coverage: events", "1,000 in all, at least 1,001 are required");
    assertRefused(decision, "coverage: crashes", "1 in all, at least 2 are required");
  }

  // assurance

  @Test
  void refusesACalibrationOfAnotherJudge() {
    String policy = "calibration: {history: required}";
    assertRefused(
        decide(policy, input(run().done())), "calibration: history", "No calibration was found");
    assertRefused(
        decide(policy, calibrated(new StoredCalibration("c.json", "other", true, 57))),
        "calibration: history",
        "Of this judge (this-judge) there is no calibration, only of another (c.json)");
    assertRefused(
        decide(policy, calibrated(new StoredCalibration("c.json", "this-judge", false, 56))),
        "calibration: history",
        "convicted 56 falsified histories, but not all");
    assertThat(
            decide(policy, calibrated(new StoredCalibration("c.json", "this-judge", true, 57)))
                .passes())
        .isTrue();
  }

  @Test
  void refusesACanaryThatSang() {
    String policy = "calibration: {canary: required}";
    RecordedRun caught =
        run().with(failed("output-exact:color-counts", Section.SAFETY, "doubled")).done();
    RecordedRun slow = run().with(failed("progress:colors", Section.LIVENESS, "silent")).done();

    assertRefused(decide(policy, input(run().done())), "calibration: canary", "No run of a broken");
    assertThat(decide(policy, withCanary(caught)).passes()).isTrue();
    assertRefused(
        decide(policy, withCanary(run().done())),
        "calibration: canary",
        "A broken engine was not caught in 1 of 1 run; the first is runs/word-colors/run-7");
    // caught by what it does wrong, not by being slow
    assertRefused(
        decide(policy, withCanary(slow)), "calibration: canary", "was not caught in 1 of 1 run");
  }

  @Test
  void refusesWhereNoRestartInOrderWasJudged() {
    String policy = "replay: {clean-handover: required}\nleaks: if-present";

    assertRefused(decide(policy, input(run().done())), "replay: clean-handover", "none of 1 run");
    assertThat(
            decide(policy, input(run().with(passed("clean-restart", Section.SAFETY)).done()))
                .passes())
        .isTrue();
    assertRefused(
        decide("leaks: required", input(run().done())), "leaks", "the policy requires it");
  }

  private static GateInput calibrated(StoredCalibration calibration) {
    return new GateInput(
        List.of(run().done()),
        List.of(),
        List.of(),
        List.of(calibration),
        "this-judge",
        GateRuns.TODAY);
  }

  private static GateInput withCanary(RecordedRun canary) {
    return new GateInput(
        List.of(run().done()), List.of(), List.of(canary), List.of(), "this-judge", GateRuns.TODAY);
  }

  static Decision decide(String policy, GateInput input) {
    return Gate.decide(Policy.parse("gate.yaml", HEAD + policy), input);
  }

  static void assertRefused(Decision decision, String rule, String part) {
    assertThat(decision.passes()).isFalse();
    assertThat(decision.of(Ruling.REFUSED))
        .as(decision.toString())
        .anySatisfy(finding -> {
          assertThat(finding.rule()).isEqualTo(rule);
          assertThat(finding.sentence()).contains(part);
        });
  }
}
