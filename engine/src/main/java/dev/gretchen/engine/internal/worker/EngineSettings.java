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
/// @param commitInterval the longest between two commits
/// @param createTopics partitions of declared topics that do not exist, 0 to refuse instead
/// @param failpoints empty for off
/// @param stateInMemory whether tables live on the heap
public record EngineSettings(
    String worker,
    Path stateDirectory,
    int httpPort,
    String peerHost,
    Guarantee guarantee,
    Duration commitInterval,
    int createTopics,
    String failpoints,
    boolean stateInMemory) {

  public EngineSettings {
    if (worker.isBlank() || worker.contains(",")) {
      throw new IllegalArgumentException(
          "a worker's name must not be blank nor hold a comma, found '" + worker + "'");
    }
    if (peerHost.isBlank()) {
      throw new IllegalArgumentException("--peer-host must not be blank");
    }
    if (!commitInterval.isPositive() || commitInterval.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "commit interval: expected 1 ms to 1 minute, found " + commitInterval.toMillis() + " ms");
    }
  }
}
