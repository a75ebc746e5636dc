package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Target;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// One fault of a plan.
///
/// @param ordinal its place, from 1
/// @param parameters by name: `gap-ms`, `down-ms`, `after`, `wipe`, `workers`, as the kind needs
public record Step(
    int ordinal, FaultKind kind, Target target, Trigger trigger, Map<String, Long> parameters) {
  public Step {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /// @throws IllegalArgumentException where the plan does not state it
  public long parameter(String name) {
    Long value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "Step %d (%s) of the plan lacks the parameter %s".formatted(ordinal, kind.word(), name));
    }
    return value;
  }
}
