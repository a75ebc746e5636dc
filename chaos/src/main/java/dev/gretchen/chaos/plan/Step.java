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
/// @param parameters by name: `gap-ms`, `down-ms`, `pause-ms`, `after`, `wipe`, `workers`,
///   `active-ms`, `percent`, as the kind needs
public record Step(
    int ordinal, FaultKind kind, Target target, Trigger trigger, Map<String, Long> parameters) {
  public Step {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /// How long it takes until it is healed, with the time that a killed worker is kept down.
  public Duration budget() {
    return budget(kind, parameters);
  }

  static Duration budget(FaultKind kind, Map<String, Long> parameters) {
    return switch (kind) {
      case KILL_WORKER, KILL_OWNER ->
          kind.budget().plusMillis(parameters.getOrDefault("down-ms", 0L));
      case KILL_TWICE,
          KILL_IN_RECOVERY,
          WIPE_WHILE_DOWN,
          GRACEFUL_STOP,
          ROLLING_RESTART,
          KILL_AFTER_SENDS,
          KILL_IN_PAUSED_RECOVERY,
          ADD_WORKER,
          REMOVE_WORKER,
          CRASH_LOOP,
          KILL_ALL,
          CHASE_OWNER,
          DOUBLE_START,
          SHORT_PAUSE,
          EVICTING_PAUSE,
          SCALING,
          REBALANCE_IN_RECOVERY,
          REBALANCE_IN_PROMOTION,
          OLD_STATE,
          SWAPPED_STATE,
          KILL_BROKER,
          SERVICE_SLOW,
          SERVICE_ERRORS,
          SERVICE_THROTTLED,
          SERVICE_REFUSED,
          SERVICE_SILENT,
          SERVICE_RESET,
          SERVICE_MALFORMED,
          SERVICE_WRONG_ENTITY,
          SERVICE_ANSWER_LOST,
          SERVICE_FLAPPING,
          SERVICE_OUTAGE ->
          kind.budget();
    };
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
