package dev.gretchen.chaos.fault;

/// A selected fault for which there is no mechanism, or no time.
///
/// @param reason half a sentence for the report
public record Skipped(String id, String kind, String reason) {
  public static Skipped of(FaultKind kind, String reason) {
    return new Skipped(kind.id(), kind.word(), reason);
  }
}
