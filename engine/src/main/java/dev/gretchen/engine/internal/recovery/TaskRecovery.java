package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A task on its way from assigned to running.
final class TaskRecovery {

  private final Task task;
  private final long startedNanos;
  private long readingNanos;
  private boolean isReading;
  private Optional<Progress> progress = Optional.empty();
  private boolean committed;
  private boolean doubted;
  private List<PartitionRecovery> partitions = List.of();

  /// All that were ever begun, for what was done in sum.
  private final List<PartitionRecovery> begun = new ArrayList<>();

  TaskRecovery(Task task, long startedNanos) {
    this.task = task;
    this.startedNanos = startedNanos;
  }

  Task task() {
    return task;
  }

  /// What of the input is done, once the stable fetch has returned.
  Optional<Progress> progress() {
    return progress;
  }

  /// Whether that is a committed offset, not the beginning for want of one.
  boolean wasCommitted() {
    return committed;
  }

  void located(Progress from, boolean isCommitted, List<PartitionRecovery> tables, long nowNanos) {
    if (!isReading) {
      readingNanos = nowNanos;
    }
    progress = Optional.of(from);
    committed = isCommitted;
    partitions = tables;
    begun.addAll(tables);
  }

  /// Something does not fit; whether it is to be asked for once more before it counts.
  boolean doubts() {
    boolean first = !doubted;
    doubted = true;
    return first;
  }

  List<PartitionRecovery> partitions() {
    return partitions;
  }

  /// It is its turn: until now it may have waited for the long logs of others.
  void reading(long nowNanos) {
    if (!isReading) {
      isReading = true;
      readingNanos = nowNanos;
    }
  }

  /// Gives it up: what is gathered is dropped.
  void abandon() {
    partitions.forEach(PartitionRecovery::abandon);
  }

  /// Whether it is known what of the input is done, and all that belongs to it was read.
  boolean isComplete() {
    return progress.isPresent() && partitions.stream().allMatch(PartitionRecovery::isComplete);
  }

  /// Whether what is committed now is what it set out from.
  boolean isStill(Optional<Progress> committedNow) {
    return committed ? committedNow.equals(progress) : committedNow.isEmpty();
  }

  /// It is to be asked again where to start and where to end; what was read stays in the stores.
  void beginsAgain() {
    abandon(); // nothing is gathered any more where all was read
    progress = Optional.empty();
    partitions = List.of();
  }

  /// How far it is.
  Recovery.Stage stage() {
    long records = 0;
    long missing = 0;
    for (PartitionRecovery partition : partitions) {
      records += Math.max(0, partition.end() - partition.from());
      missing += partition.lagBehind(partition.end());
    }
    return new Recovery.Stage(records, missing);
  }

  RecoveryResult result(long nowNanos) {
    long from = Long.MAX_VALUE;
    long to = 0;
    long records = 0;
    long bytes = 0;
    String wiped = RecoveryResult.NOT_WIPED;
    for (PartitionRecovery partition : begun) {
      from = Math.min(from, partition.from());
      to = Math.max(to, partition.end());
      records += partition.records();
      bytes += partition.bytes();
      if (!partition.wiped().equals(RecoveryResult.NOT_WIPED)) {
        wiped = partition.wiped();
      }
    }
    return new RecoveryResult(
        from == Long.MAX_VALUE ? 0 : from,
        to,
        records,
        bytes,
        (nowNanos - startedNanos) / 1_000_000,
        (nowNanos - readingNanos) / 1_000_000,
        wiped);
  }
}
