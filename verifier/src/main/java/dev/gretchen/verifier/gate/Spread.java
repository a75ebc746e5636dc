package dev.gretchen.verifier.gate;

import java.util.Arrays;

/// Middle and spread of some values, such that a few wild ones do not decide.
///
/// The middle is the median. The spread is the median distance from it (MAD), scaled to be a
/// standard deviation where the values are normal, and corrected for small numbers of values as in
/// C. Croux, P. J. Rousseeuw, Time-efficient algorithms for two highly robust estimators of scale,
/// Computational Statistics 1 (1992). Half of the values may be wild before either breaks down.
///
/// @param count how many values, at least 1
/// @param middle their median
/// @param spread 0 where there is one value only, or where most are equal
record Spread(int count, double middle, double spread) {

  /// Of a normal distribution: standard deviation over median distance.
  private static final double TO_DEVIATION = 1.4826;

  /// Of a normal distribution: the median's standard error over the mean's, √(π/2).
  private static final double TO_ERROR = Math.sqrt(Math.PI / 2);

  /// Corrections for 2 to 9 values.
  private static final double[] FEW = {1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107};

  private static final double MANY = 0.8;

  /// @throws IllegalArgumentException where there are no values
  static Spread of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing has no middle");
    }
    double middle = median(values);
    double distance = median(Arrays.stream(values).map(each -> Math.abs(each - middle)).toArray());
    return new Spread(values.length, middle, correction(values.length) * TO_DEVIATION * distance);
  }

  /// The middle value, or the mean of the two in the middle.
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static double correction(int count) {
    if (count < 2) {
      return 0;
    }
    int known = count - 2;
    return known < FEW.length ? FEW[known] : count / (count - MANY);
  }

  /// How far the median of so many values lies from the true one by chance alone, as a standard
  /// deviation.
  ///
  /// @param deviation of the values
  static double error(double deviation, int count) {
    return count == 1 ? deviation : TO_ERROR * deviation / Math.sqrt(count);
  }
}
