package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The faults of a run, in order.
///
/// @param seed origin of all chance in the plan and in its execution
/// @param load length of the load that it was made for
/// @param leftOut selected kinds for which the load is too short, or nobody there to be hit
public record Plan(long seed, Duration load, List<Step> steps, List<Skipped> leftOut) {
  public Plan {
    steps = List.copyOf(steps);
    leftOut = List.copyOf(leftOut);
  }

  /// Makes a plan: the same setting, the same plan, on every machine.
  public static Plan generate(Setting setting) {
    return new Planner(setting).plan();
  }

  /// The shortest load whose plan surely has each of some kinds, where there is somebody to hit.
  ///
  /// @param calm that lies between two of them at the least
  public static Duration lengthFor(Set<FaultKind> kinds, Duration calm) {
    return Planner.lengthFor(kinds, calm);
  }

  /// How many SIGKILLs it sends to workers.
  public int sigkills() {
    return steps.stream().mapToInt(Step::sigkills).sum();
  }

  /// 64 bits of SHA-256 over the JSON form, as hex16.
  public String hash() {
    return PlanJson.hash(this);
  }

  public String toJson() {
    return PlanJson.write(this);
  }

  /// Reads what [#toJson] wrote.
  ///
  /// @throws IllegalArgumentException where it is no plan, or was changed since
  public static Plan fromJson(String json) {
    return PlanJson.read(json);
  }
}
