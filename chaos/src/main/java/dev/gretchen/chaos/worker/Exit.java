package dev.gretchen.chaos.worker;

import java.time.Duration;
import java.util.OptionalInt;

/// How a process ended that we ended.
///
/// @param exitStatus empty where it did not end in time and still runs
/// @param after how long it took since the signal
public record Exit(String worker, long pid, OptionalInt exitStatus, Duration after) {

  /// For a proof, such as `pid 4711 gone, exit status 137`.
  public String describe() {
    return exitStatus.isPresent()
        ? "pid " + pid + " gone, exit status " + exitStatus.getAsInt()
        : "pid " + pid + " still running after " + after.toMillis() + " ms";
  }
}
