package dev.gretchen.bench;

import java.util.Map;

/// One fault in the raw data: a line of JSON. Silences in milliseconds, of any partition, the
/// longest that begins within [OutputMeter#STRETCH] of the fault; of a restart, the longest until
/// all is again as it was.
///
/// @param wrong why the side has no number, empty where all is well; then all else is 0
/// @param worker that was hit
/// @param held how many partitions it had
/// @param silence of its partitions, from the fault on
/// @param usual of the same partitions, in the calm just before
/// @param others of the others' partitions
/// @param othersUsual of the same, in the calm just before
/// @param replayed changelog records that were read before tasks ran, from the fault until all was
///   again as it was, by what workers say; -1 where they do not say
/// @param phases of the takeover, milliseconds after the fault
record TakeoverLine(
    String side,
    String fault,
    int number,
    String wrong,
    String worker,
    int held,
    long silence,
    long usual,
    long others,
    long othersUsual,
    long replayed,
    Map<String, Long> phases) {

  TakeoverLine {
    phases = Map.copyOf(phases);
  }

  /// A side without a number.
  static TakeoverLine without(TakeoverSide side, TakeoverFault fault, int number, String why) {
    return new TakeoverLine(side.word(), fault.word(), number, why, "", 0, 0, 0, 0, 0, 0, Map.of());
  }

  boolean isVoid() {
    return !wrong.isEmpty();
  }
}
