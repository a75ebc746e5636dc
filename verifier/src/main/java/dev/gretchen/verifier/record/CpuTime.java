package dev.gretchen.verifier.record;

import dev.gretchen.verifier.truth.CpuSample;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/// The CPU time that a run's workers took between the first look at each of their processes and the
/// last: the load is under way, so what a JVM needs to begin is not in it. Time that falls is that
/// of another process under the same name. Pure.
final class CpuTime {

  private CpuTime() {}

  /// Of samples in the order of time.
  ///
  /// @return milliseconds of all workers together; [RunEntry#NOT_MEASURED] where none was looked at
  ///   twice
  static long millis(Iterator<CpuSample> samples) {
    Map<String, Long> last = new HashMap<>();
    long millis = 0;
    boolean measured = false;
    while (samples.hasNext()) {
      CpuSample sample = samples.next();
      Long before = last.put(sample.worker(), sample.cpuMillis());
      if (before != null && sample.cpuMillis() >= before) {
        millis += sample.cpuMillis() - before;
        measured = true;
      }
    }
    return measured ? millis : RunEntry.NOT_MEASURED;
  }
}
