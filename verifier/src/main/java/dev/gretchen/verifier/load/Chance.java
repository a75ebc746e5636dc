package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Mix;
import java.util.Arrays;

/// Chance that is a pure function of an id.
final class Chance {

  private Chance() {}

  /// An independent stream of chance for each use of an id.
  static long of(long id, int use) {
    return Mix.mix(id + use * 0x9e3779b97f4a7c15L);
  }

  static int below(long chance, int bound) {
    return (int) (((chance >>> 32) * bound) >>> 32);
  }

  /// One of so many, uniform or by Zipf's law.
  ///
  /// @param zipf of [#zipf], empty for uniform
  static int pick(long chance, int size, double[] zipf) {
    if (zipf.length == 0) {
      return below(chance, size);
    }
    int at = Arrays.binarySearch(zipf, (chance >>> 11) * 0x1.0p-53);
    return Math.min(at < 0 ? -at - 1 : at, size - 1);
  }

  /// The cumulative distribution of Zipf's law, empty for the exponent 0, which is uniform.
  static double[] zipf(int size, double exponent) {
    double[] cumulative = new double[exponent == 0 ? 0 : size];
    double sum = 0;
    for (int i = 0; i < cumulative.length; i++) {
      sum += 1 / Math.pow(i + 1, exponent);
      cumulative[i] = sum;
    }
    for (int i = 0; i < cumulative.length; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }
}
