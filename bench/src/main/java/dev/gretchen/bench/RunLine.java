package dev.gretchen.bench;

/// One run in the raw data: a line of JSON.
///
/// @param wrong why the number is void, empty where the answer was right
/// @param records of the input that were measured, the warm-up left out
/// @param gcMillis of the worker while measured
/// @param outputs records in topics of outputs, all of the run
/// @param changelogs records in changelogs, all of the run
record RunLine(
    String stage,
    int keys,
    String side,
    int round,
    String wrong,
    long records,
    double seconds,
    double recordsPerSecond,
    double cpuMicrosPerRecord,
    double allocatedBytesPerRecord,
    double brokerCpuMicrosPerRecord,
    long gcMillis,
    long outputs,
    long changelogs) {

  static RunLine of(Workload workload, Side side, int round, Race.Lap lap, Judged judged) {
    double seconds = (lap.to().nanoTime() - lap.from().nanoTime()) / 1e9;
    double records = lap.records();
    return new RunLine(
        workload.stage().word(),
        workload.keys(),
        side.word(),
        round,
        judged instanceof Judged.Wrong(String sentence) ? sentence : "",
        Math.round(records),
        seconds,
        records / seconds,
        (lap.to().cpuNanos() - lap.from().cpuNanos()) / 1e3 / records,
        (lap.to().allocatedBytes() - lap.from().allocatedBytes()) / records,
        (lap.to().brokerCpuNanos() - lap.from().brokerCpuNanos()) / 1e3 / records,
        lap.to().collectorMillis() - lap.from().collectorMillis(),
        judged instanceof Judged.Right right ? right.outputs() : 0,
        judged instanceof Judged.Right right ? right.changelogs() : 0);
  }

  /// A run that has no number.
  static RunLine without(Workload workload, Side side, int round, String why) {
    return new RunLine(
        workload.stage().word(),
        workload.keys(),
        side.word(),
        round,
        why,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0);
  }

  boolean isVoid() {
    return !wrong.isEmpty();
  }
}
