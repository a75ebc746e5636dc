package dev.gretchen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  @Test
  void leavesOutAllThatTheFailureDoesNotNeed() {
    Schedule failing = Schedules.of(11).with(manySteps());
    Step one = failing.steps().get(1);
    Step other = failing.steps().get(6);

    Outcome shortest =
        shrink(failing, schedule -> schedule.steps().containsAll(List.of(one, other)));

    assertThat(shortest.schedule().steps()).containsExactly(one, other);
    assertThat(shortest.schedule().variation()).isZero();
    assertThat(shortest.hasFailed()).isTrue();
  }

  @Test
  void findsTheOrderOfEventsUnderWhichLessStillFails() {
    Schedule failing = Schedules.of(11).with(manySteps());
    Step needed = failing.steps().getFirst();

    Outcome shortest =
        shrink(
            failing,
            schedule ->
                schedule.equals(failing)
                    || (schedule.steps().contains(needed) && schedule.variation() == 2));

    assertThat(shortest.schedule().steps()).containsExactly(needed);
    assertThat(shortest.schedule().variation()).isEqualTo(2);
  }

  @Test
  void keepsWhatCannotBeShortened() {
    Schedule failing = Schedules.of(11).with(manySteps());
    Outcome shortest = shrink(failing, schedule -> schedule.steps().equals(failing.steps()));
    assertThat(shortest.schedule()).isEqualTo(failing);
  }

  @Test
  void namesTheCommandThatRepeatsAShrunkSchedule() {
    Schedule drawn = Schedules.of(11);
    Schedule shrunk =
        drawn.with(List.of(drawn.steps().getFirst(), drawn.steps().getLast())).varied(2);
    assertThat(Prose.command(shrunk))
        .isEqualTo(
            "./gretchen simulate --seed 11 --steps 1," + drawn.steps().size() + " --variation 2");
    assertThat(Prose.command(drawn)).isEqualTo("./gretchen simulate --seed 11");
    assertThat(Prose.command(CrashMatrix.schedule(7)))
        .isEqualTo("./gretchen simulate --matrix --seed 7");
  }

  private static List<Step> manySteps() {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      steps.add(new Step.Pause(Duration.ofMillis(100L * i), 0, Duration.ofMillis(50 + i)));
    }
    return steps;
  }

  private static Outcome shrink(Schedule failing, Predicate<Schedule> fails) {
    return new Shrinker(schedule -> outcome(schedule, fails)).shrink(outcome(failing, fails));
  }

  private static Outcome outcome(Schedule schedule, Predicate<Schedule> fails) {
    List<String> anomalies = fails.test(schedule) ? List.of("something is wrong") : List.of();
    return new Outcome(schedule, anomalies, false, "", "", 0, Duration.ZERO, Map.of());
  }
}
