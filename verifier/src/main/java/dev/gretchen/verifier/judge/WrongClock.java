package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.history.FaultLine;
import java.util.ArrayList;
import java.util.List;

/// A worker's wall clock that a fault had set wrong: what the worker told of its ownership bears
/// times of that clock.
///
/// Which entries those are is seen from when they were observed: of the two times that an entry may
/// mean, as it stands and put right by the jump, the one nearer to its observation is meant. A jump
/// is of twenty seconds or more, an observation late by less than half of that. Nothing else of an
/// entry is touched, and no entry of another worker.
///
/// @param worker whose clock it was
/// @param fromMillis epoch milliseconds at which it was set wrong
/// @param toMillis when it was right again, or the end of time
/// @param aheadMillis by how much it was ahead, negative where it was behind
record WrongClock(String worker, long fromMillis, long toMillis, long aheadMillis) {

  /// How much later than it was written an entry may be observed.
  private static final long OBSERVED_WITHIN_MILLIS = 10_000;

  /// Those of a run's faults.
  static List<WrongClock> of(List<FaultLine> faults) {
    List<WrongClock> clocks = new ArrayList<>();
    for (FaultLine fault : faults) {
      Long ahead = fault.clockAheadMillis();
      if (ahead != null && ahead != 0) {
        long to =
            fault.healedAt() == 0 ? Long.MAX_VALUE - OBSERVED_WITHIN_MILLIS : fault.healedAt();
        clocks.add(new WrongClock(fault.target(), fault.at(), to, ahead));
      }
    }
    return clocks;
  }

  /// An entry with its time put right, or as it is.
  ///
  /// @param observedAt epoch milliseconds, of a clock that is right
  AuditEvent right(AuditEvent event, long observedAt) {
    if (!event.worker().equals(worker)
        || observedAt < fromMillis
        || observedAt > toMillis + OBSERVED_WITHIN_MILLIS) {
      return event;
    }
    long right = event.at() - aheadMillis;
    return Math.abs(right - observedAt) < Math.abs(event.at() - observedAt)
        ? event.at(right)
        : event;
  }
}
