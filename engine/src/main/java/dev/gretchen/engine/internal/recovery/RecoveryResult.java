package dev.gretchen.engine.internal.recovery;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the recovery of a task's tables did, added up.
///
/// @param from the lowest position that one began at
/// @param to the highest that one reached
/// @param wiped why state was thrown away, or `none`
public record RecoveryResult(
    long from, long to, long records, long bytes, long millis, String wiped) {

  /// Nothing thrown away.
  public static final String NOT_WIPED = "none";

  /// As the audit topic shows it.
  public Map<String, Object> shown() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("from", from);
    map.put("to", to);
    map.put("records", records);
    map.put("bytes", bytes);
    map.put("millis", millis);
    map.put("wiped", wiped);
    return map;
  }
}
