package dev.gretchen.testkit.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that a simulation did, as one number, and its last steps in words.
///
/// Two simulations did the same if and only if, up to collisions of a 64-bit mix, their hashes are
/// equal. Only what is the same in every JVM goes in: times, names, numbers; no identity, no
/// iteration order of a hash set.
public final class Trace {

  /// One step, as it is shown.
  ///
  /// @param nanos virtual time
  public record Step(long number, long nanos, String process, String what, long a, long b) {

    @Override
    public String toString() {
      return "%9d  %10.3f ms  %-10s %s %d %d"
          .formatted(number, nanos / 1_000_000.0, process, what, a, b);
    }
  }

  private final int keptPerProcess;
  private final Map<String, ArrayDeque<Step>> last = new LinkedHashMap<>();
  private long hash = 0x9E3779B97F4A7C15L;
  private long steps;

  /// @param keptPerProcess how many of each process's last steps are kept, 0 for none
  public Trace(int keptPerProcess) {
    this.keptPerProcess = keptPerProcess;
  }

  /// Notes a step.
  ///
  /// @param what a word of a fixed vocabulary, or text that depends on nothing but the seed
  public void note(long nanos, String process, String what, long a, long b) {
    steps++;
    mix(nanos);
    mix(process.hashCode());
    mix(what.hashCode());
    mix(a);
    mix(b);
    if (keptPerProcess > 0) {
      ArrayDeque<Step> kept = last.computeIfAbsent(process, _ -> new ArrayDeque<>());
      if (kept.size() == keptPerProcess) {
        kept.removeFirst();
      }
      kept.add(new Step(steps, nanos, process, what, a, b));
    }
  }

  private void mix(long value) {
    // the finaliser of SplitMix64 over what came before and what comes now
    long z = (hash ^ value) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    hash = z ^ (z >>> 31);
  }

  /// How many steps were noted.
  public long steps() {
    return steps;
  }

  /// The hash over all steps so far, 16 hexadecimal digits.
  public String hash() {
    return HexFormat.of().toHexDigits(hash);
  }

  /// The last steps of each process, oldest first.
  public Map<String, List<Step>> last() {
    Map<String, List<Step>> copy = new LinkedHashMap<>();
    last.forEach((process, kept) -> copy.put(process, new ArrayList<>(kept)));
    return copy;
  }
}
