package dev.gretchen.verifier.record;

import dev.gretchen.verifier.truth.MemorySample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The memory of a run's workers, as a peak and a slope. Pure.
///
/// **Slope.** A worker that was killed begins anew with little, so its samples are cut into lives
/// where they fall by a third at once. Of each life the first minute is left out, while code is
/// compiled and caches fill; of the rest, where it is long enough to mean something, the median of
/// the slopes between all pairs of samples is taken, which no single peak can bend. The steepest of
/// all lives is the run's.
///
/// H. Theil, A rank-invariant method of linear and polynomial regression analysis, 1950; P. K. Sen,
/// Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968).
///
/// @param mostBytes the most that one had resident
/// @param growthBytesPerHour of the worker that grew most, 0 where all shrank;
///   [RunEntry#NOT_MEASURED] where none lived long enough
record Footprint(long mostBytes, long growthBytesPerHour) {

  private static final long WARM_UP_MILLIS = 60_000;
  private static final long LONG_ENOUGH_MILLIS = 240_000;
  private static final double MILLIS_PER_HOUR = 3_600_000;

  /// Falls to less than this share of what it was: another process.
  private static final double ANEW = 2 / 3.0;

  /// Of so many samples all pairs are looked at; of more, as many that are spread evenly.
  private static final int PAIRED_MAX = 240;

  /// Nothing was seen.
  static final Footprint NONE = new Footprint(RunEntry.NOT_MEASURED, RunEntry.NOT_MEASURED);

  /// Of samples in the order of time.
  static Footprint of(Iterator<MemorySample> samples) {
    Map<String, List<MemorySample>> lives = new HashMap<>();
    long most = RunEntry.NOT_MEASURED;
    long growth = RunEntry.NOT_MEASURED;
    while (samples.hasNext()) {
      MemorySample sample = samples.next();
      most = Math.max(most, sample.residentBytes());
      List<MemorySample> life = lives.computeIfAbsent(sample.worker(), _ -> new ArrayList<>());
      if (!life.isEmpty() && sample.residentBytes() < life.getLast().residentBytes() * ANEW) {
        growth = Math.max(growth, growth(life));
        life.clear();
      }
      life.add(sample);
    }
    for (List<MemorySample> life : lives.values()) {
      growth = Math.max(growth, growth(life));
    }
    return new Footprint(most, growth);
  }

  private static long growth(List<MemorySample> life) {
    long warm = life.getFirst().at() + WARM_UP_MILLIS;
    if (life.getLast().at() - warm < LONG_ENOUGH_MILLIS) {
      return RunEntry.NOT_MEASURED;
    }
    List<MemorySample> chosen = spread(life.stream().filter(each -> each.at() >= warm).toList());
    double[] slopes = new double[chosen.size() * (chosen.size() - 1) / 2];
    int count = 0;
    for (int i = 0; i < chosen.size(); i++) {
      for (int j = i + 1; j < chosen.size(); j++) {
        long millis = chosen.get(j).at() - chosen.get(i).at();
        if (millis > 0) {
          double bytes = chosen.get(j).residentBytes() - chosen.get(i).residentBytes();
          slopes[count++] = bytes / millis;
        }
      }
    }
    if (count == 0) {
      return RunEntry.NOT_MEASURED;
    }
    Arrays.sort(slopes, 0, count);
    return Math.max(0, Math.round(slopes[count / 2] * MILLIS_PER_HOUR));
  }

  private static List<MemorySample> spread(List<MemorySample> samples) {
    if (samples.size() <= PAIRED_MAX) {
      return samples;
    }
    List<MemorySample> chosen = new ArrayList<>();
    for (int i = 0; i < PAIRED_MAX; i++) {
      chosen.add(samples.get((int) ((long) i * (samples.size() - 1) / (PAIRED_MAX - 1))));
    }
    return chosen;
  }
}
