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
  private static final long ACCEPTABLE_LAG = 50;
  private static final int CONCURRENCY = 4;
  private static final int TAKE = 5;
  private static final Duration DOWN = Duration.ofMillis(40);

  private CrashMatrix() {}

  /// All schedules of the matrix, without and with a standby, under both guarantees, every other
  /// one with an app that handles several events at a time, half of these in batches; their seeds
  /// are their numbers, from 1.
  public static List<Schedule> schedules() {
    List<Schedule> schedules = new ArrayList<>();
    for (int standbys = 0; standbys <= 1; standbys++) {
      for (Guarantee guarantee : Guarantee.values()) {
        for (Failpoint failpoint : Failpoint.values()) {
          for (int hit = 1; hit <= HITS_MAX; hit++) {
            for (String then : THEN) {
              long number = schedules.size() + 1L;
              Setup setup =
                  setup(guarantee, number)
                      .with(standbys, ACCEPTABLE_LAG, 1)
                      .concurrent(number % 2 == 0 ? CONCURRENCY : 1)
                      .taking(number % 4 == 0 ? TAKE : 1);
              schedules.add(schedule(number, setup, failpoint, hit, then));
            }
          }
        }
      }
    }
    return schedules;
  }

  /// One of them.
  ///
  /// @param number from 1
  /// @throws IllegalArgumentException if there is no such
  public static Schedule schedule(long number) {
    List<Schedule> all = schedules();
    if (number < 1 || number > all.size()) {
      throw new IllegalArgumentException(
          "the crash matrix has schedules 1 to " + all.size() + ", found " + number);
    }
    return all.get((int) number - 1);
  }

  private static Schedule schedule(
      long number, Setup setup, Failpoint failpoint, int hit, String then) {
    return new Schedule(
        number,
        0,
        setup,
        List.of(
            new Step.HaltAt(Duration.ofMillis(1), 0, failpoint.text(), hit, DOWN, then),
            new Step.Restart(Duration.ofMillis(600), 1, DOWN)));
  }

  private static Setup setup(Guarantee guarantee, long seed) {
    LoadShape load = new LoadShape(seed, 200, Duration.ofMillis(1_250), 2, "primary", 0);
    return new Setup(
        2,
        2,
        2,
        guarantee,
        Duration.ofMillis(40),
        load,
        Duration.ofMillis(1_200),
        400,
        600,
        20,
        0,
        0,
        0,
        1,
        1);
  }
}
