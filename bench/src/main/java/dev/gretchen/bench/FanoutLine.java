package dev.gretchen.bench;

/// One step of a side in the raw data: a line of JSON.
///
/// @param step `calm`, or `hot` with the rate raised
/// @param perSecond posts offered a second
/// @param due deliveries that were due a second
/// @param delivered deliveries a second
/// @param frames frames with posts a second
/// @param p50Millis of the time from when a post was due to its arrival
/// @param p99Millis likewise
/// @param bytesPerConnection by how much the workers grew in connecting, for each connection
/// @param lost connections that have ended
record FanoutLine(
    String side,
    String step,
    double perSecond,
    double due,
    double delivered,
    double frames,
    long p50Millis,
    long p99Millis,
    long bytesPerConnection,
    long lost) {

  /// Whether the side kept up.
  boolean isSustained() {
    return delivered >= due * FanoutOptions.DELIVERED_MIN
        && p99Millis <= FanoutOptions.P99_MAX.toMillis()
        && lost == 0;
  }
}
