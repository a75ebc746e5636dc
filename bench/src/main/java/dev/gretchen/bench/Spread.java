package dev.gretchen.bench;

import java.util.Arrays;
import java.util.Locale;

/// The median of some measurements, with the least and the greatest.
record Spread(double median, double least, double most) {

  /// @throws IllegalArgumentException where there are none
  static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no measurement, no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /// Such as `123,456 (120,000 to 130,000)`.
  String whole() {
    return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", median, least, most);
  }

  /// Such as `1.23 (1.20 to 1.30)`.
  String fine() {
    return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, least, most);
  }
}
