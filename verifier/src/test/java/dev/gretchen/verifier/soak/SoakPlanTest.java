package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Setting;
import dev.gretchen.chaos.plan.Step;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SoakPlanTest {

  private static final Campaign NIGHTLY =
      Campaign.parse("nightly.yaml", Campaign.shipped("nightly"));

  private static final Campaign CATALOGUE =
      Campaign.parse("catalogue.yaml", Campaign.shipped("catalogue"));

  @Property(tries = 300)
  void isAPureFunctionOfSeedAndNumber(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 100_000) int number) {
    SoakPlan plan = new SoakPlan(NIGHTLY, seed);

    PlannedRun run = plan.run(number);

    assertThat(run).isEqualTo(new SoakPlan(NIGHTLY, seed).run(number));
    assertThat(run.number()).isEqualTo(number);
    assertThat(run.length()).isPositive();
    assertThat(run.words()).doesNotHaveDuplicates().contains("--seed=" + run.seed());
    // what verify is told, it understands
    assertThat(Selection.parse(run.faults()).kinds().isEmpty())
        .isEqualTo(run.role() == Role.CONTROL);
  }

  @Property(tries = 100)
  void eachRoundBeginsWithACanaryAndAControl(
      @ForAll long seed, @ForAll @IntRange(max = 1_000) int round) {
    SoakPlan plan = new SoakPlan(NIGHTLY, seed);
    int first = round * NIGHTLY.round() + 1;

    assertThat(plan.run(first).role()).isEqualTo(Role.CANARY);
    assertThat(plan.run(first).app())
        .isEqualTo(NIGHTLY.canaries().get(round % NIGHTLY.canaries().size()));
    assertThat(plan.run(first + 1).role()).isEqualTo(Role.CONTROL);
    // comparable with those of other nights
    assertThat(plan.run(first + 1).options()).isEmpty();
    for (int i = 2; i < NIGHTLY.round(); i++) {
      assertThat(plan.run(first + i).role()).isIn(Role.TEMPLATE, Role.MIX);
    }
  }

  /// However the seed falls, a night of fifty runs has tried each template of each app.
  @Property(tries = 50)
  void leavesNothingOut(@ForAll long seed) {
    SoakPlan plan = new SoakPlan(NIGHTLY, seed);
    List<PlannedRun> runs = IntStream.rangeClosed(1, 50).mapToObj(plan::run).toList();

    for (Campaign.AppDraw app : NIGHTLY.apps()) {
      List<PlannedRun> own = runs.stream().filter(run -> run.app().equals(app.app())).toList();
      assertThat(own)
          .filteredOn(run -> run.role() == Role.TEMPLATE)
          .extracting(PlannedRun::faults)
          .containsAll(app.templates());
      assertThat(own).filteredOn(run -> run.role() == Role.MIX).hasSizeGreaterThan(5);
      assertThat(own).extracting(PlannedRun::role).contains(Role.CONTROL);
    }
  }

  @Test
  void drawsEveryValueOfEveryOption() {
    SoakPlan plan = new SoakPlan(NIGHTLY, 7);
    Set<String> words = new HashSet<>();
    Set<Duration> lengths = new HashSet<>();
    IntStream.rangeClosed(1, 400)
        .mapToObj(plan::run)
        .filter(run -> run.app().equals("word-colors") && run.role() != Role.CONTROL)
        .forEach(run -> {
          words.addAll(run.options());
          lengths.add(run.length());
        });

    assertThat(words)
        .contains(
            "--rate=500",
            "--rate=2000",
            "--rate=5000",
            "--standbys=0",
            "--standbys=1",
            "--commit-interval=20ms",
            "--guarantee=at-least-once",
            "--palette=synthetic:10000",
            "--skew=0.9");
    assertThat(lengths)
        .containsExactlyInAnyOrder(
            Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(240));
  }

  @Test
  void givesEachRunASeedOfItsOwn() {
    SoakPlan plan = new SoakPlan(NIGHTLY, 7);
    assertThat(IntStream.rangeClosed(1, 1_000).mapToLong(number -> plan.run(number).seed()))
        .doesNotHaveDuplicates();
    assertThat(new SoakPlan(NIGHTLY, 8).run(3)).isNotEqualTo(plan.run(3));
  }

  /// A mix that has no time for its faults would be skipped, and prove nothing.
  @Property(tries = 200)
  void mixesOnlyWhatTheLoadHasTimeFor(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 1_000) int number) {
    PlannedRun run = new SoakPlan(NIGHTLY, seed).run(number);
    if (run.role() == Role.MIX) {
      Set<FaultKind> kinds = Selection.parse(run.faults()).kinds();
      Duration needed = kinds.stream().map(FaultKind::budget).reduce(Duration.ZERO, Duration::plus);
      assertThat(kinds).hasSizeBetween(1, 5);
      assertThat(kinds.size() == 1 || needed.compareTo(run.length()) < 0).isTrue();
    }
  }

  /// Whatever has been proven before it, a run of a catalogue has time for all that it is to try.
  @Property(tries = 100)
  void aRunOfACatalogueHasTimeForItsKinds(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 1_000) int number) {
    PlannedRun run = new SoakPlan(CATALOGUE, seed).run(number);

    assertThat(run.role()).isEqualTo(Role.CATALOGUE);
    Selection selection = Selection.parse(run.faults());
    Plan plan =
        Plan.generate(
            new Setting(run.seed(), selection, run.length(), 3, new Setting.Source("words", 8), 3));
    assertThat(plan.leftOut()).isEmpty();
    assertThat(plan.steps()).extracting(Step::kind).containsAll(selection.kinds());
  }

  @Test
  void goesWithoutCanary() {
    Campaign campaign =
        Campaign.parse(
            "my.yaml",
            """
            schema: gretchen.campaign/1
            name: mine
            round: 3
            apps:
              a: {for: 5s, templates: [kill, network]}
            """);
    SoakPlan plan = new SoakPlan(campaign, 1);

    assertThat(IntStream.rangeClosed(1, 7).mapToObj(plan::run))
        .extracting(PlannedRun::faults)
        .containsExactly("none", "kill", "network", "none", "kill", "network", "none");
  }
}
