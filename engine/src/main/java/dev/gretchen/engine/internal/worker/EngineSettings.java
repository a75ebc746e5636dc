package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.Guarantee;
import java.nio.file.Path;
import java.time.Duration;

/// What a worker was told.
///
/// @param worker its name: the slot, to which disk and `transactional.id` belong
/// @param stateDirectory where tables live; one worker at a time
/// @param httpPort port on loopback; 0 picks one
/// @param peerHost where this worker listens for the others, and where they find it
/// @param commitIntervalMin the shortest pause between two commits, as far as bounds and rebalances
///   let it
/// @param commitInterval the longest pause between two commits
/// @param createTopics partitions of declared topics that do not exist, 0 to refuse instead
/// @param failpoints empty for off
/// @param stateInMemory whether tables live on the heap
/// @param cellBytesMax what tables may keep on the heap as a cache of the store, roughly
/// @param standbys copies of each table partition on other workers, as far as there are any
/// @param rack where the worker stands, or an empty string
/// @param acceptableLagRecords a task with tables moves to a worker that reads its changelogs along
///   and lacks no more of them
public record EngineSettings(
    String worker,
    Path stateDirectory,
    int httpPort,
    String peerHost,
    Guarantee guarantee,
    Duration commitIntervalMin,
    Duration commitInterval,
    int createTopics,
    String failpoints,
    boolean stateInMemory,
    long cellBytesMax,
    int standbys,
    String rack,
    long acceptableLagRecords) {

  public EngineSettings {
    if (worker.isBlank() || worker.contains(",")) {
      throw new IllegalArgumentException(
          "a worker's name must not be blank nor hold a comma, found '" + worker + "'");
    }
    if (peerHost.isBlank()) {
      throw new IllegalArgumentException("--peer-host must not be blank");
    }
    if (cellBytesMax < 0) {
      throw new IllegalArgumentException("cache: expected 0 bytes or more, found " + cellBytesMax);
    }
    if (!commitInterval.isPositive() || commitInterval.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "commit interval: expected 1 ms to 1 minute, found " + commitInterval.toMillis() + " ms");
    }
    if (commitIntervalMin.isNegative() || commitIntervalMin.compareTo(commitInterval) > 0) {
      throw new IllegalArgumentException(
          "shortest commit interval: expected 0 to "
              + commitInterval.toMillis()
              + " ms, the longest, found "
              + commitIntervalMin.toMillis()
              + " ms");
    }
  }
}
