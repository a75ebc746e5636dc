package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.sim.Scheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which disturbances took effect, and when: a halt at a place that was never reached disturbs
/// nobody, and excuses nothing.
final class Effects {

  private final Scheduler scheduler;
  private final List<SimFault> faults = new ArrayList<>();
  private final Set<String> told = new HashSet<>();

  Effects(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// One took effect.
  void took(String kind, String target, SimFault.Nature nature) {
    faults.add(new SimFault(kind, target, scheduler.now(), 0, nature));
  }

  /// One that lasts took effect; told once.
  void tookOnce(String kind, String target, SimFault.Nature nature) {
    if (told.add(kind + " " + target)) {
      took(kind, target, nature);
    }
  }

  List<SimFault> faults() {
    return List.copyOf(faults);
  }
}
