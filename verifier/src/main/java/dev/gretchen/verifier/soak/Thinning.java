package dev.gretchen.verifier.soak;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which runs lose their histories where there is no more room: the oldest clean ones. Pure.
///
/// What failed, or was not decided, is evidence and stays whole. So does the latest clean run of
/// each app: somebody may want to look at one, or to calibrate the judge with it.
final class Thinning {

  private Thinning() {}

  /// A run's files.
  ///
  /// @param directory of the run
  /// @param group runs of which the latest clean one stays: of an app
  /// @param clean whether it ended as it should
  /// @param bytes that its history and its logs take
  record Kept(String directory, String group, boolean clean, long bytes) {}

  /// What has to go so that the rest fits.
  ///
  /// @param runs the oldest first
  /// @param bound in bytes
  static List<Kept> choose(List<Kept> runs, long bound) {
    Set<String> seen = new HashSet<>();
    Set<Kept> latest = new HashSet<>();
    for (Kept run : runs.reversed()) {
      if (run.clean() && seen.add(run.group())) {
        latest.add(run);
      }
    }
    long bytes = bytes(runs);
    List<Kept> chosen = new ArrayList<>();
    for (Kept run : runs) {
      if (bytes <= bound) {
        break;
      }
      if (run.clean() && run.bytes() > 0 && !latest.contains(run)) {
        chosen.add(run);
        bytes -= run.bytes();
      }
    }
    return chosen;
  }

  static long bytes(List<Kept> runs) {
    return runs.stream().mapToLong(Kept::bytes).sum();
  }
}
