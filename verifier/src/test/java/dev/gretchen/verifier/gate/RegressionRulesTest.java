package dev.gretchen.verifier.gate;

import static dev.gretchen.verifier.gate.GateRuns.compared;
import static dev.gretchen.verifier.gate.GateRuns.run;
import static dev.gretchen.verifier.gate.GateTest.assertRefused;
import static dev.gretchen.verifier.gate.GateTest.decide;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.gate.Finding.Ruling;
import dev.gretchen.verifier.record.RecordedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RegressionRulesTest {

  private static final String POLICY = "regression: {baseline-min: 5, latency-p50: 25%}";

  @Test
  void refusesWhatIsSlowerThanAllowedAndThanNoise() {
    Decision decision =
        decide(POLICY, compared(runs(140, 141, 139), runs(99, 100, 101, 100, 102, 98)));

    assertRefused(
        decision,
        "regression: latency-p50",
        "latency-p50 of word-colors: median 140.0 ms over 3 runs, 100.0 ms over 6 runs before;"
            + " worse by 40.0 %, allowed 25.0 %; noise ");
  }

  /// What a slower build cannot hide behind spare cores.
  @Test
  void refusesWhatTakesMoreCpuForEachEvent() {
    String policy = "regression: {baseline-min: 5, cpu-per-event: 20%}";
    List<RecordedRun> before = cpu(100, 99, 101, 100, 102);

    assertRefused(
        decide(policy, compared(cpu(131, 130, 129), before)),
        "regression: cpu-per-event",
        "cpu-per-event of word-colors: median 130.0 µs over 3 runs, 100.0 µs over 5 runs before;"
            + " worse by 30.0 %, allowed 20.0 %; noise ");
    assertThat(decide(policy, compared(cpu(118, 119, 117), before)).passes()).isTrue();
  }

  /// A worker's new start costs as much as thousands of events.
  @Test
  void comparesCpuTimeOfRunsWithoutFaultsAlone() {
    String policy = "regression: {baseline-min: 5, cpu-per-event: 20%}";
    List<RecordedRun> after =
        LongStream.of(180, 181, 182)
            .mapToObj(each -> run().seed(each).cpu(each).fault("kill-owner", 900, 800).done())
            .toList();

    assertThat(decide(policy, compared(after, cpu(100, 99, 101, 100, 102))).passes()).isTrue();
  }

  private static List<RecordedRun> cpu(long... micros) {
    return LongStream.of(micros).mapToObj(each -> run().seed(each).cpu(each).done()).toList();
  }

  @Test
  void letsPassWhatIsWithinWhatIsAllowed() {
    Decision decision =
        decide(POLICY, compared(runs(120, 121, 119), runs(99, 100, 101, 100, 102, 98)));

    assertThat(decision.passes()).as(decision.toString()).isTrue();
    assertThat(decision.of(Ruling.HELD))
        .extracting(Finding::rule)
        .contains("regression: latency-p50");
  }

  @Test
  void doesNotDecideWhatNoiseExplains() {
    Decision decision =
        decide(POLICY, compared(runs(140, 90, 190), runs(60, 100, 140, 80, 120, 160, 40)));

    assertThat(decision.passes()).isTrue();
    assertThat(decision.of(Ruling.UNDECIDED))
        .extracting(Finding::sentence)
        .anySatisfy(sentence -> assertThat(sentence).endsWith("More runs would decide."));
  }

  /// One wild run of ten, on either side, is not a regression, nor does it hide one.
  @Test
  void isNotMovedByAWildRun() {
    List<RecordedRun> before = runs(99, 100, 101, 100, 102, 98, 100, 99, 101, 9_000);

    assertThat(decide(POLICY, compared(runs(100, 101, 99, 8_000), before)).passes()).isTrue();
    assertRefused(
        decide(POLICY, compared(runs(200, 201, 199, 1), before)),
        "regression: latency-p50",
        "worse by 99");
  }

  @Test
  void comparesOnlyWhatWasAskedTheSame() {
    List<RecordedRun> before = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      before.add(run().seed(i).latency(10, 10).of("order-enrichment").done());
      before.add(run().seed(i).latency(10, 10).asked("--standbys", "0").done());
    }
    Decision decision = decide(POLICY, compared(runs(140, 141), before));

    assertThat(decision.passes()).isTrue();
    assertThat(decision.of(Ruling.UNDECIDED))
        .extracting(Finding::sentence)
        .containsExactly(
            "Nothing could be compared: for 2 runs there are fewer than 5 runs before that passed and were asked the same.");
  }

  @Test
  void refusesAMissingBaselineWhereThePolicyDemandsOne() {
    assertRefused(
        decide("regression: {missing: refuse, latency-p50: 25%}", compared(runs(100), List.of())),
        "regression",
        "for 1 run there are fewer than 5 runs before");
  }

  /// Two draws of the same distribution are hardly ever told apart, so a gate is not a lottery.
  @Test
  void refusesWhatIsTheSameInLessThanOneOfHundredCases() {
    Random random = new Random(7);
    int refused = 0;
    int times = 1_000;
    for (int i = 0; i < times; i++) {
      Spread now = Spread.of(drawn(random, 5));
      Spread then = Spread.of(drawn(random, 10));
      refused += RegressionRules.Comparison.of(now, then).isBeyondNoise() ? 1 : 0;
    }
    assertThat(refused / (double) times).isLessThan(0.01);
  }

  /// What is three times as slow, with the same noise, is always told apart.
  @Property(tries = 200)
  void tellsWhatIsThreeTimesAsSlow(@ForAll @IntRange(max = 1_000_000) int seed) {
    Random random = new Random(seed);
    double[] slow = drawn(random, 5);
    for (int i = 0; i < slow.length; i++) {
      slow[i] *= 3;
    }
    assertThat(RegressionRules.Comparison.of(Spread.of(slow), Spread.of(drawn(random, 10))).worse())
        .isGreaterThan(1);
  }

  private static double[] drawn(Random random, int count) {
    return random.doubles(count).map(_ -> 100 + 5 * random.nextGaussian()).toArray();
  }

  private static List<RecordedRun> runs(long... medians) {
    List<RecordedRun> runs = new ArrayList<>();
    for (long median : medians) {
      runs.add(run().seed(runs.size()).latency(median, median * 4).done());
    }
    return runs;
  }
}
