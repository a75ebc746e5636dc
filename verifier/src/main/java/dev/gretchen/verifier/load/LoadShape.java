package dev.gretchen.verifier.load;

import java.time.Duration;

/// The parameters of a load; with equal ones two loads are equal, event for event.
///
/// @param seed the origin of all chance
/// @param rate events a second
/// @param length how long it is offered
/// @param partitions of the input topic
/// @param palette `primary`, `css` or `synthetic:N`
/// @param skew 0 for uniform colours, otherwise the exponent of Zipf's law
public record LoadShape(
    long seed, double rate, Duration length, int partitions, String palette, double skew) {

  public LoadShape {
    if (!(rate > 0) || length.isNegative() || length.isZero() || partitions < 1 || !(skew >= 0)) {
      throw new IllegalArgumentException(
          "a load needs a positive rate, length and number of partitions and a skew of 0 or more,"
              + " got "
              + rate
              + "/s, "
              + length
              + ", "
              + partitions
              + ", "
              + skew);
    }
  }

  /// A load with uniform colours.
  public static LoadShape uniform(
      long seed, double rate, Duration length, int partitions, String palette) {
    return new LoadShape(seed, rate, length, partitions, palette, 0);
  }
}
