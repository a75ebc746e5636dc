package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What kinds of faults ask of a run beside a mechanism, and what they leave behind.
///
/// Faults come one after the other, each after the healing of the one before, so nearly all can
/// stand in one plan in any order. Two things cannot be healed away: a kind that needs somebody who
/// is not there would only be found without effect, and what a kind changes for good all that come
/// after it find changed.
final class Demands {

  /// Somebody has to take over, or to lead the victim's partitions meanwhile.
  private static final Set<FaultKind> SECOND_WORKER =
      EnumSet.of(
          FaultKind.CHASE_OWNER,
          FaultKind.EVICTING_PAUSE,
          FaultKind.SCALING,
          FaultKind.REBALANCE_IN_PROMOTION,
          FaultKind.SWAPPED_STATE,
          FaultKind.CUT_WORKER,
          FaultKind.WORKERS_APART,
          FaultKind.PAUSED_BEHIND_CUT);

  /// Somebody has to say that a broker is gone, or to stand opposite to it.
  private static final Set<FaultKind> SECOND_BROKER =
      EnumSet.of(
          FaultKind.KILL_BROKER,
          FaultKind.KILL_GROUP_COORDINATOR,
          FaultKind.KILL_TRANSACTION_COORDINATOR,
          FaultKind.KILL_CONTROLLER,
          FaultKind.KILL_WITH_LEADER,
          FaultKind.COMPACTED_OFFSETS,
          FaultKind.INSYNC_SHORTAGE,
          FaultKind.LEADER_ELECTION,
          FaultKind.LEADER_WITHOUT_FOLLOWERS,
          FaultKind.ONE_WAY_BROKER_CUT);

  private static final Set<FaultKind> THIRD_BROKER = EnumSet.of(FaultKind.BROKER_PAIR_CUT);

  /// What stays until the end of the run, or until the same kind comes again.
  private static final Set<FaultKind> LASTING =
      EnumSet.of(
          FaultKind.ADDED_PARTITIONS, FaultKind.ROLLING_RECONFIGURATION, FaultKind.ROLLING_UPGRADE);

  private Demands() {}

  /// Who is missing for a kind, half a sentence; empty where nobody is.
  static Optional<String> missing(FaultKind kind, Setting setting) {
    int workers = SECOND_WORKER.contains(kind) ? 2 : 1;
    if (setting.workers() < workers) {
      return Optional.of("it takes " + workers + " workers, and the run has " + setting.workers());
    }
    int brokers = THIRD_BROKER.contains(kind) ? 3 : SECOND_BROKER.contains(kind) ? 2 : 0;
    if (setting.brokers() < brokers) {
      return Optional.of("it takes " + brokers + " brokers, and the run has " + setting.brokers());
    }
    return Optional.empty();
  }

  /// Whether those that come after it find the app or its topics changed.
  static boolean isLasting(FaultKind kind) {
    return LASTING.contains(kind);
  }
}
