package dev.gretchen.chaos.fault;

import java.time.Duration;

/// A selected fault for which there is no mechanism, or no time.
///
/// @param reason half a sentence for the report
public record Skipped(String id, String kind, String reason) {

  /// A plan had it, and there is no load any more.
  public static final String LATE = "the load ended before its turn came";

  private static final String NO_TIME = "has no time left for it";

  public static Skipped of(FaultKind kind, String reason) {
    return new Skipped(kind.id(), kind.word(), reason);
  }

  /// A plan has no room for it.
  public static Skipped noTime(FaultKind kind, Duration load) {
    return of(kind, "a load of " + load.toSeconds() + " s " + NO_TIME);
  }

  /// A plan has it, and those before it took longer than planned.
  public static Skipped late(FaultKind kind) {
    return of(kind, LATE);
  }

  /// Whether a reason is that there was no time, so that it might be done another time.
  public static boolean isForWantOfTime(String reason) {
    return reason.endsWith(NO_TIME) || reason.equals(LATE);
  }
}
