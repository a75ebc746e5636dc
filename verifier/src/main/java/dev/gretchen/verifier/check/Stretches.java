package dev.gretchen.verifier.check;

import java.util.List;

/// The parts of a run: before, during and after its faults.
///
/// *During* reaches from the first fault to [Pace#SETTLING_MILLIS] after the last was over.
///
/// @param firstFault epoch milliseconds
/// @param settled epoch milliseconds
record Stretches(long firstFault, long settled) {

  /// Their names, in order.
  static final List<String> NAMES = List.of("before", "during", "after");

  static Stretches of(List<Moment> faults) {
    return new Stretches(
        faults.stream().mapToLong(Moment::at).min().orElse(Long.MAX_VALUE),
        faults.stream()
                .mapToLong(fault -> Math.max(fault.at(), fault.healedAt()))
                .max()
                .orElse(Long.MAX_VALUE - Pace.SETTLING_MILLIS)
            + Pace.SETTLING_MILLIS);
  }

  /// The number of the part that a moment lies in.
  int at(long millis) {
    return millis < firstFault ? 0 : millis < settled ? 1 : 2;
  }
}
