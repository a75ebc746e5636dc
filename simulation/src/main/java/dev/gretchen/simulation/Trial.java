package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimJudge;
import dev.gretchen.simulation.judge.SimVerdict;
import dev.gretchen.testkit.sim.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Simulates schedules on one engine, and judges them.
///
/// @param engines makes the engine that is tried, for one schedule; what its workers share, such as
///   a mutant's memory, must not outlive it
/// @param disks what the workers' stores are on
/// @param stepsKept how many of each process's last steps are kept, 0 for none
public record Trial(Supplier<Engines> engines, Disks disks, int stepsKept) {

  /// The engine as it is shipped.
  public static Trial ofTheEngine(Disks disks, int stepsKept) {
    return new Trial(Engines.shipped().always(), disks, stepsKept);
  }

  /// Simulates and judges one schedule.
  public Outcome run(Schedule schedule) {
    Ending ending = Simulation.run(schedule, engines.get(), disks, new Trace(stepsKept));
    List<String> anomalies = new ArrayList<>(ending.failures());
    boolean vacuous = false;
    String sentence = "";
    if (anomalies.isEmpty() && !ending.caughtUp()) {
      anomalies.add(
          "no progress: everything was healed, and after "
              + Simulation.CATCH_UP_MAX.toSeconds()
              + " s events still wait to be handled");
    }
    if (anomalies.isEmpty()) {
      SimVerdict verdict = new SimJudge(schedule.setup().app().contract()).judge(ending.look());
      verdict
          .findings()
          .forEach(finding -> anomalies.add(finding.property() + ": " + finding.sentence()));
      vacuous = !verdict.passed() && anomalies.isEmpty();
      sentence = verdict.sentence();
    }
    return new Outcome(
        schedule,
        List.copyOf(anomalies),
        vacuous,
        sentence,
        ending.trace().hash(),
        ending.trace().steps(),
        Duration.ofNanos(ending.nanos()),
        stepsKept == 0 ? Map.of() : ending.trace().last());
  }
}
