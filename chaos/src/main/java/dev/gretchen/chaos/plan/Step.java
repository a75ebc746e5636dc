package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Target;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// One fault of a plan.
///
/// @param ordinal its place, from 1
/// @param parameters by name, such as `gap-ms`, `down-ms`, `after` or `nth`, as the kind needs
public record Step(
    int ordinal, FaultKind kind, Target target, Trigger trigger, Map<String, Long> parameters) {
  public Step {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /// How long it takes until it is healed, with the time that a killed worker is kept down.
  public Duration budget() {
    return budget(kind, parameters);
  }

  /// A time that only some plans contain comes on top of the kind's usual one.
  static Duration budget(FaultKind kind, Map<String, Long> parameters) {
    boolean staysDown = kind == FaultKind.KILL_WORKER || kind == FaultKind.KILL_OWNER;
    long millis =
        staysDown ? parameters.getOrDefault("down-ms", 0L) : parameters.getOrDefault("away-ms", 0L);
    return kind.budget().plusMillis(millis);
  }

  /// How many SIGKILLs it sends to workers.
  public int sigkills() {
    return kind == FaultKind.KILL_ALL ? Math.toIntExact(parameter("workers")) : kind.sigkills();
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
