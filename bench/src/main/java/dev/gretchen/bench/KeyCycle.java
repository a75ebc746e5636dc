package dev.gretchen.bench;

import java.nio.charset.StandardCharsets;

/// A load that visits each key once, in an order that is spread over all of them, and begins again:
/// after a whole number of cycles every side has written the same number of changes of each key,
/// whatever it holds back between commits. A pure function from index to event.
///
/// The order is that of multiples of a number near the golden section of the keys, which shares no
/// divisor with them: any stretch of it is spread evenly.
///
/// @param keys how many there are
record KeyCycle(int keys) {

  private static final double GOLDEN_SECTION = 0.618_033_988_749_895;
  private static final long FIRST_MILLIS = 1_700_000_000_000L;
  private static final int EVENTS_PER_MILLI = 50;

  KeyCycle {
    if (keys < 10_000 || keys > Workload.KEYS_MAX) {
      throw new IllegalArgumentException(
          "--keys: expected 10,000 to " + Workload.KEYS_MAX + ", found " + keys);
    }
  }

  /// The number of the key of an event.
  int number(long index) {
    return (int) (index % keys * step() % keys);
  }

  /// The key, in the form of a synthetic palette's colour.
  byte[] key(long index) {
    return ("c" + number(index)).getBytes(StandardCharsets.US_ASCII);
  }

  /// Unique.
  long id(long index) {
    return index + 1;
  }

  /// Event time, epoch milliseconds.
  long timestamp(long index) {
    return FIRST_MILLIS + index / EVENTS_PER_MILLI;
  }

  private long step() {
    long step = Math.max(1, Math.round(keys * GOLDEN_SECTION));
    while (greatestDivisor(step, keys) > 1) {
      step++;
    }
    return step;
  }

  private static long greatestDivisor(long a, long b) {
    return b == 0 ? a : greatestDivisor(b, a % b);
  }
}
