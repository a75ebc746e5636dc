package dev.gretchen.bench;

/// One round of a side in the raw data: a line of JSON.
///
/// @param wrong why the round has no number, empty where all is well; then all else is 0
/// @param records restored from the changelog to an empty disk
/// @param bytes of them in the log, headers included
/// @param seconds from the last moment before the first record to the worker's readiness
/// @param cpuSeconds of the worker in that time
/// @param afterCpuSeconds of the worker from then on until it was at rest: what the store tidies up
/// @param brokerCpuSeconds of the broker while it restored
/// @param stateBytes on the disk then
/// @param firstMillis from the start of a process on the disk of a killed one to the first output
///   that it has committed
/// @param readyMillis from that start until it was ready
/// @param readAgain records of the changelog that it had to read again
record RecoveryLine(
    String side,
    int round,
    String wrong,
    long records,
    long bytes,
    double seconds,
    double cpuSeconds,
    double afterCpuSeconds,
    double brokerCpuSeconds,
    long stateBytes,
    long firstMillis,
    long readyMillis,
    long readAgain) {

  private static final double MEGABYTE = 1 << 20;

  static RecoveryLine of(
      Side side, int round, RecoveryTrial.Restored restored, RecoveryTrial.Restarted restarted) {
    return new RecoveryLine(
        side.word(),
        round,
        "",
        restored.records(),
        restored.bytes(),
        restored.seconds(),
        restored.cpuSeconds(),
        restored.afterCpuSeconds(),
        restored.brokerCpuSeconds(),
        restored.stateBytes(),
        restarted.firstMillis(),
        restarted.readyMillis(),
        restarted.readAgain());
  }

  /// A round without a number.
  static RecoveryLine without(Side side, int round, String why) {
    return new RecoveryLine(side.word(), round, why, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  boolean isVoid() {
    return !wrong.isEmpty();
  }

  double recordsPerSecond() {
    return records / seconds;
  }

  double megabytesPerSecond() {
    return bytes / MEGABYTE / seconds;
  }

  /// Records for a second of CPU.
  double recordsPerCore() {
    return records / cpuSeconds;
  }

  /// The same with what the store does afterwards.
  double recordsPerCoreInAll() {
    return records / (cpuSeconds + afterCpuSeconds);
  }

  double cpuMicrosPerRecord() {
    return cpuSeconds * 1e6 / records;
  }

  double afterCpuMicrosPerRecord() {
    return afterCpuSeconds * 1e6 / records;
  }

  double stateMegabytes() {
    return stateBytes / MEGABYTE;
  }
}
