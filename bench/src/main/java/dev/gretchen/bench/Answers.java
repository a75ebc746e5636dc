package dev.gretchen.bench;

import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A tally for each colour of a synthetic palette: the truth of a load, or what a side answered.
final class Answers {

  private final long[] counts;
  private final long[] fingerprints;
  private long events;

  Answers(int keys) {
    counts = new long[keys];
    fingerprints = new long[keys];
  }

  /// What is right.
  static Answers truth(Workload workload) {
    LoadPlan plan = workload.plan();
    return truth(plan, plan.count(), workload.keys());
  }

  /// What is right after the first events of a load.
  static Answers truth(LoadPlan plan, long events, int keys) {
    Answers truth = new Answers(keys);
    for (long index = 0; index < events; index++) {
      long id = plan.id(index);
      if (plan.isColor(id)) {
        truth.count(plan.value(id), id);
      }
    }
    return truth;
  }

  void count(LoadEvent event) {
    count(event.value(), event.id());
  }

  void count(byte[] color, long id) {
    int index = index(color, 0);
    counts[index]++;
    fingerprints[index] += Mix.mix(id);
    events++;
  }

  /// How many events are counted in all.
  long events() {
    return events;
  }

  /// Takes a published tally: the last one of a key stands.
  ///
  /// @return a sentence where it cannot be one
  @Nullable String put(byte[] key, int from, @Nullable Tally tally) {
    int index = index(key, from);
    String text = new String(key, from, key.length - from, StandardCharsets.UTF_8);
    if (index < 0) {
      return "key '" + text + "' is no colour of the palette";
    }
    if (tally == null) {
      return "key " + text + " has a value that is no tally";
    }
    counts[index] = tally.count();
    fingerprints[index] = tally.fingerprint();
    return null;
  }

  /// Compares with the truth.
  ///
  /// @return a sentence that names the first key that differs, null where none does
  @Nullable String difference(Answers truth) {
    for (int index = 0; index < counts.length; index++) {
      Tally own = new Tally(counts[index], fingerprints[index]);
      Tally right = new Tally(truth.counts[index], truth.fingerprints[index]);
      if (!own.equals(right)) {
        return "key c" + index + " is " + own + ", the truth is " + right;
      }
    }
    return null;
  }

  /// The number in `c<number>`, -1 where it is none of the palette's.
  private int index(byte[] bytes, int from) {
    if (bytes.length - from < 2 || bytes[from] != 'c') {
      return -1;
    }
    long number = 0;
    for (int i = from + 1; i < bytes.length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || number > counts.length) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number < counts.length ? (int) number : -1;
  }
}
