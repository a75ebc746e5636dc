package dev.gretchen.chaos.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.fault.Skipped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class PlanTest {
  private static final Setting.Source SOURCE = new Setting.Source("colors", 8);

  @Property(tries = 100)
  void isAFunctionOfItsSetting(@ForAll long seed, @ForAll @IntRange(min = 5, max = 2_000) int s) {
    assertThat(plan(seed, Selection.ALL, s)).isEqualTo(plan(seed, Selection.ALL, s));
    assertThat(plan(seed, Selection.ALL, s).hash()).isEqualTo(plan(seed, Selection.ALL, s).hash());
  }

  @Property(tries = 200)
  void fitsIntoTheLoadWithCalmBeforeAndAfter(
      @ForAll long seed, @ForAll @IntRange(min = 12, max = 4_000) int seconds) {
    Plan plan = plan(seed, Selection.KILL, seconds);
    Duration lead = seconds >= 67 ? Duration.ofSeconds(10) : Duration.ofMillis(seconds * 150L);
    Duration at = Duration.ZERO;
    for (Step step : plan.steps()) {
      Duration begin =
          switch (step.trigger()) {
            case Trigger.AtProgress(double fraction) ->
                Duration.ofMillis((long) Math.floor(fraction * seconds * 1_000));
            case Trigger.AtTime(Duration since) -> since;
            case Trigger.AfterHealed(Duration calm) -> at.plus(calm);
          };
      assertThat(begin).isGreaterThanOrEqualTo(at).isGreaterThanOrEqualTo(lead);
      if (step.ordinal() > 1) {
        assertThat(begin.minus(at).plusMillis(1)).isGreaterThanOrEqualTo(Planner.CALM_MIN);
      }
      at = begin.plus(step.budget());
    }
    // a fraction is rounded up to a ten thousandth of the load
    Duration rounding = plan.load().dividedBy(10_000);
    assertThat(at).isLessThanOrEqualTo(plan.load().multipliedBy(9).dividedBy(10).plus(rounding));
  }

  @Property(tries = 100)
  void hundredSecondsOfKillHoldAllThatIsPromised(
      @ForAll long seed, @ForAll @IntRange(min = 100, max = 600) int seconds) {
    Plan plan = plan(seed, Selection.KILL, seconds);
    List<FaultKind> kinds = plan.steps().stream().map(Step::kind).toList();
    assertThat(kinds).containsAll(Selection.KILL.kinds()).startsWith(FaultKind.KILL_OWNER);
    assertThat(plan.sigkills()).isGreaterThanOrEqualTo(8);
    assertThat(plan.leftOut()).isEmpty();
  }

  @Property(tries = 100)
  void twentySecondsHoldTwoFaultsOrMoreAndBeginWithAnOwner(@ForAll long seed) {
    Plan plan = plan(seed, Selection.KILL, 20);
    assertThat(plan.steps()).hasSizeBetween(2, 3);
    assertThat(plan.steps().getFirst().kind()).isEqualTo(FaultKind.KILL_OWNER);
    assertThat(plan.leftOut()).isNotEmpty().allMatch(s -> s.reason().contains("load of 20 s"));
    assertThat(plan.leftOut()).allMatch(s -> Skipped.isForWantOfTime(s.reason()));
  }

  @Property(tries = 100)
  void readsBackWhatItWrites(@ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int s) {
    Plan plan = plan(seed, Selection.ALL, s);
    assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
    assertThat(plan.hash()).matches("[0-9a-f]{16}");
  }

  @Property(tries = 50)
  void usesOnlyWhatWasSelected(@ForAll long seed) {
    Selection selection = Selection.parse("kill-broker,P2");
    assertThat(plan(seed, selection, 300).steps())
        .extracting(Step::kind)
        .containsOnly(FaultKind.GRACEFUL_STOP, FaultKind.ROLLING_RESTART, FaultKind.KILL_BROKER);
  }

  @Example
  void aNightOfLoadIsFilledToItsEnd() {
    int seconds = 8 * 3_600;
    Plan plan = plan(1, Selection.KILL, seconds);
    assertThat(plan.steps()).hasSizeGreaterThan(1_500);
    assertThat(plan.steps().getLast().trigger()).isNotEqualTo(plan.steps().getFirst().trigger());
  }

  @Example
  void otherSeedsGiveOtherPlans() {
    assertThat(plan(1, Selection.KILL, 120).hash())
        .isNotEqualTo(plan(2, Selection.KILL, 120).hash());
  }

  /// The algorithm may change on purpose only: old seeds then mean other plans.
  @Example
  void theHashOfAKnownPlanStays() {
    assertThat(plan(42, Selection.KILL, 120).hash()).isEqualTo("1d911dd5ee0711e2");
  }

  /// Whatever comes before it meets the app as it was asked for.
  @Property(tries = 100)
  void whatLastsComesAtTheEndOfItsRound(
      @ForAll long seed, @ForAll @IntRange(min = 60, max = 300) int seconds) {
    Plan plan = plan(seed, Selection.ALL, seconds);
    List<FaultKind> kinds = plan.steps().stream().map(Step::kind).toList();
    assertThat(kinds).doesNotHaveDuplicates();
    List<FaultKind> sinceTheFirst =
        kinds.stream().dropWhile(kind -> !Demands.isLasting(kind)).toList();
    assertThat(sinceTheFirst).allMatch(Demands::isLasting);
  }

  /// A kind that lasts has its place in short loads too, as often as another of its length.
  @Example
  void whatLastsIsDrawnAsAllOthersAre() {
    long with =
        LongStream.range(0, 400)
            .filter(seed ->
                plan(seed, Selection.ALL, 180).steps().stream()
                    .anyMatch(step -> step.kind() == FaultKind.ROLLING_UPGRADE))
            .count();
    assertThat(with).isBetween(20L, 200L);
  }

  @Example
  void leavesOutWhatHasNobodyToHit() {
    Setting alone =
        new Setting(1, Selection.ALL, Duration.ofHours(2), 1, new Setting.Source("colors", 8), 1);
    Plan plan = Plan.generate(alone);
    assertThat(plan.leftOut())
        .extracting(Skipped::kind, Skipped::reason)
        .contains(
            tuple("evicting-pause", "it takes 2 workers, and the run has 1"),
            tuple("kill-controller", "it takes 2 brokers, and the run has 1"),
            tuple("broker-pair-cut", "it takes 3 brokers, and the run has 1"));
    assertThat(plan.steps())
        .extracting(Step::kind)
        .contains(FaultKind.KILL_OWNER, FaultKind.BROKER_OUTAGE)
        .doesNotContain(FaultKind.SCALING, FaultKind.KILL_BROKER);
  }

  @Example
  void workersThatAreAddedDoNotPileUp() {
    Plan plan = plan(1, Selection.parse("add-worker,short-pause"), 3_600);
    assertThat(plan.steps())
        .filteredOn(step -> step.kind() == FaultKind.ADD_WORKER)
        .hasSize(Planner.ADDED_MAX);
    assertThat(plan.steps()).hasSizeGreaterThan(100);
    assertThat(plan(1, Selection.parse("add-worker"), 3_600).steps()).hasSize(Planner.ADDED_MAX);
    assertThat(plan(1, Selection.parse("add-worker,remove-worker"), 3_600).steps())
        .filteredOn(step -> step.kind() == FaultKind.ADD_WORKER)
        .hasSizeGreaterThan(50);
  }

  @Property(tries = 200)
  void aLoadOfTheLengthForSomeKindsHasEachOfThem(
      @ForAll long seed, @ForAll @Size(min = 1, max = 9) Set<FaultKind> kinds) {
    Duration load = Plan.lengthFor(kinds, Duration.ofSeconds(2));
    Plan plan = Plan.generate(new Setting(seed, new Selection("some", kinds), load, 3, SOURCE, 3));
    assertThat(plan.leftOut()).isEmpty();
    assertThat(plan.steps()).extracting(Step::kind).containsAll(kinds);
    assertThat(load).isLessThan(Duration.ofMinutes(12));
  }

  /// Longer than any client waits before it gives up by itself.
  @Example
  void anOutageThatIsAloneHasTheTimeThatThereIs() {
    assertThat(plan(7, Selection.parse("broker-outage"), 150).steps())
        .singleElement()
        .satisfies(step -> assertThat(step.parameter("away-ms")).isEqualTo(90_000));
    assertThat(plan(7, Selection.parse("broker-outage,short-pause"), 150).steps())
        .filteredOn(step -> step.kind() == FaultKind.BROKER_OUTAGE)
        .first()
        .satisfies(step -> assertThat(step.parameter("away-ms")).isEqualTo(37_500));
  }

  @Example
  void noSelectionNoFaults() {
    assertThat(plan(1, Selection.NONE, 120).steps()).isEmpty();
  }

  @Example
  void refusesAPlanThatWasChangedByHand() {
    String json = plan(1, Selection.KILL, 120).toJson().replaceFirst("colors-\\d", "colors-99");
    assertThatThrownBy(() -> Plan.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was changed");
    assertThatThrownBy(() -> Plan.fromJson("{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema");
  }

  private static Plan plan(long seed, Selection selection, int seconds) {
    return Plan.generate(new Setting(seed, selection, Duration.ofSeconds(seconds), 3, SOURCE, 3));
  }
}
