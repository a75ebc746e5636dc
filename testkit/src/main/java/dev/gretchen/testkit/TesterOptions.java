package dev.gretchen.testkit;

import dev.gretchen.engine.Guarantee;

/// How an [AppTester] runs its app.
///
/// @param seed the origin of all chance: equal seeds, equal tests
/// @param partitions of each topic that the app declares
/// @param guarantee of the worker
public record TesterOptions(long seed, int partitions, Guarantee guarantee) {

  /// More than one, so that a key that is touched from two partitions shows.
  private static final int PARTITIONS = 3;

  private static final int PARTITIONS_MAX = 100;

  public TesterOptions {
    if (partitions < 1 || partitions > PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "partitions: expected 1 to " + PARTITIONS_MAX + ", found " + partitions);
    }
  }

  /// A fixed seed, three partitions, exactly-once.
  public static TesterOptions standard() {
    return new TesterOptions(1, PARTITIONS, Guarantee.EXACTLY_ONCE);
  }

  /// The same with another seed: another order of whatever has no order of its own.
  public TesterOptions withSeed(long other) {
    return new TesterOptions(other, partitions, guarantee);
  }

  /// The same with other partitions.
  public TesterOptions withPartitions(int other) {
    return new TesterOptions(seed, other, guarantee);
  }

  /// The same with another guarantee.
  public TesterOptions withGuarantee(Guarantee other) {
    return new TesterOptions(seed, partitions, other);
  }
}
