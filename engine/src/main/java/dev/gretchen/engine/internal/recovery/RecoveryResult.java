package dev.gretchen.engine.internal.recovery;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the recovery of a task's tables did, added up.
///
/// @param from the lowest position that one began at
/// @param to the highest that one reached
/// @param millis from the assignment to the end
/// @param readMillis of these, from when it began to read; the rest it waited for transactions that
///   were under way, and for other recoveries
/// @param wiped why state was thrown away, or `none`
public record RecoveryResult(
    long from, long to, long records, long bytes, long millis, long readMillis, String wiped) {

  private static final double MEGABYTE = 1 << 20;
  private static final double SECOND_MILLIS = 1_000;

  /// Nothing thrown away.
  public static final String NOT_WIPED = "none";

  /// How fast it read and stored.
  public long recordsPerSecond() {
    return Math.round(records * SECOND_MILLIS / Math.max(1, readMillis));
  }

  /// How fast it read and stored, keys and values alone, to a tenth.
  public double megabytesPerSecond() {
    double perSecond = bytes / MEGABYTE * SECOND_MILLIS / Math.max(1, readMillis);
    return Math.round(perSecond * 10) / 10.0;
  }

  /// As the audit topic shows it.
  public Map<String, Object> shown() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("from", from);
    map.put("to", to);
    map.put("records", records);
    map.put("bytes", bytes);
    map.put("millis", millis);
    map.put("readMillis", readMillis);
    map.put("recordsPerSecond", recordsPerSecond());
    map.put("megabytesPerSecond", megabytesPerSecond());
    map.put("wiped", wiped);
    return map;
  }
}
