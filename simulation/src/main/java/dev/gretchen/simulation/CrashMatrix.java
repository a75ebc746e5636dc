package dev.gretchen.simulation;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Every crash there is: each failpoint, at each of its hits, in one short scenario, and each again
/// with a second crash in the recovery that follows.
///
/// Chance finds deep interleavings; this finds whatever one or two crashes at the wrong moment do,
/// and leaves none out.
public final class CrashMatrix {

  /// What the process after the crash does: lives, or dies in its recovery, or at its first commit.
  private static final List<String> THEN =
      List.of("", "recovery.started=halt", "recovery.midway=halt", "commit.after-end=halt");

  private static final int HITS_MAX = 12;
  private static final Duration DOWN = Duration.ofMillis(40);

  private CrashMatrix() {}

  /// All schedules of the matrix, under both guarantees.
  public static List<Schedule> schedules() {
    List<Schedule> schedules = new ArrayList<>();
    for (Guarantee guarantee : Guarantee.values()) {
      schedules.addAll(schedules(guarantee));
    }
    return schedules;
  }

  private static List<Schedule> schedules(Guarantee guarantee) {
    List<Schedule> schedules = new ArrayList<>();
    long seed = 1;
    for (Failpoint failpoint : Failpoint.values()) {
      for (int hit = 1; hit <= HITS_MAX; hit++) {
        for (String then : THEN) {
          schedules.add(
              new Schedule(
                  seed++,
                  0,
                  setup(guarantee, seed),
                  List.of(
                      new Step.HaltAt(Duration.ofMillis(1), 0, failpoint.text(), hit, DOWN, then),
                      new Step.Restart(Duration.ofMillis(600), 1, DOWN))));
        }
      }
    }
    return schedules;
  }

  private static Setup setup(Guarantee guarantee, long seed) {
    LoadShape load = new LoadShape(seed, 200, Duration.ofMillis(1_250), 2, "primary", 0);
    return new Setup(
        2, 2, 2, guarantee, Duration.ofMillis(40), load, Duration.ofMillis(1_200), 400, 600, 0);
  }
}
