package dev.gretchen.verifier.record;

/// What a number of runs says of the share of such runs that fail.
///
/// @param runs that ended with PASS or FAIL; what decided nothing proves nothing
/// @param failed how many of them ended with FAIL
/// @param bound with [#CONFIDENCE], at most this share of such runs fails, between 0 and 1
public record FailureRate(long runs, long failed, double bound) {

  /// How sure the bound is.
  public static final double CONFIDENCE = 0.95;

  private static final int HALVINGS = 60;

  /// The bound of Clopper and Pearson: the share at which so few failures, or fewer, would be seen
  /// in one of twenty such series. Without any failure it is about three in the number of runs.
  ///
  /// C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case
  /// of the binomial, Biometrika 26 (1934).
  ///
  /// @throws IllegalArgumentException if more failed than there were
  public static FailureRate of(long runs, long failed) {
    if (failed < 0 || failed > runs) {
      throw new IllegalArgumentException(failed + " of " + runs + " runs cannot have failed");
    }
    if (failed == runs) {
      return new FailureRate(runs, failed, 1);
    }
    double low = failed / (double) runs;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (atMost(failed, runs, middle) > 1 - CONFIDENCE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new FailureRate(runs, failed, high);
  }

  /// How many runs it takes, none of which may fail, until at most such a share of them can be said
  /// to fail: 299 for one in a hundred.
  ///
  /// @param share between 0 and 1, both excluded
  public static long cleanRunsFor(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("no number of runs bounds a failure rate by " + share);
    }
    return (long) Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-share));
  }

  /// The chance of at most so many failures.
  ///
  /// Summed in logarithms: the share of runs without a failure is too small a number for a double
  /// where there are many.
  private static double atMost(long failed, long runs, double share) {
    double odds = Math.log(share) - Math.log1p(-share);
    double term = runs * Math.log1p(-share);
    double sum = Math.exp(term);
    for (long i = 0; i < failed; i++) {
      term += Math.log(runs - i) - Math.log(i + 1) + odds;
      sum += Math.exp(term);
    }
    return sum;
  }
}
