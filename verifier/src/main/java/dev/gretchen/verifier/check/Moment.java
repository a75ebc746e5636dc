package dev.gretchen.verifier.check;

import dev.gretchen.chaos.fault.FaultKind;
import java.util.EnumSet;
import java.util.Set;

/// A fault that took effect, as a checker sees it.
///
/// @param kind a word, such as `kill-owner`
/// @param target what was hit
/// @param at epoch milliseconds
/// @param healedAt epoch milliseconds, 0 where it was not healed
/// @param endsProcess whether it ended a worker's process, or its ownership, without giving it a
///   chance to finish
public record Moment(String kind, String target, long at, long healedAt, boolean endsProcess) {

  private static final Set<FaultKind.Need> OF_BROKERS =
      EnumSet.of(
          FaultKind.Need.BROKER_FAULTS,
          FaultKind.Need.SEVERAL_BROKERS,
          FaultKind.Need.SMALL_BROKER_DISK,
          FaultKind.Need.BROKER_PRELOAD,
          FaultKind.Need.BROKER_LINKS);

  /// How many milliseconds of a stretch of time brokers had something else to do because of it, or
  /// were not there.
  ///
  /// @param settlingMillis how long that goes on after it was healed
  long hinderedBrokers(long fromMillis, long toMillis, long settlingMillis) {
    boolean hinders =
        FaultKind.ofWord(kind).filter(each -> OF_BROKERS.contains(each.need())).isPresent();
    long end = healedAt == 0 ? toMillis : Math.min(healedAt + settlingMillis, toMillis);
    return hinders ? Math.max(0, end - Math.max(at, fromMillis)) : 0;
  }

  /// How many milliseconds of a stretch of time nobody could make progress because of it.
  long stoppedEverybody(long fromMillis, long toMillis) {
    boolean stops = FaultKind.ofWord(kind).filter(FaultKind::stopsEverybody).isPresent();
    long end = healedAt == 0 ? toMillis : Math.min(healedAt, toMillis);
    return stops ? Math.max(0, end - Math.max(at, fromMillis)) : 0;
  }
}
