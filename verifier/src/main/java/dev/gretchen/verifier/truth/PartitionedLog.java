package dev.gretchen.verifier.truth;

import java.util.Iterator;

/// A topic's committed log, readable from its beginning as often as a checker wants.
public interface PartitionedLog {

  /// The topic.
  String topic();

  /// How many partitions it has, 0 where it was never observed.
  int partitions();

  /// What a partition is called.
  default String place(int partition) {
    return topic() + "-" + partition;
  }

  /// The records of a partition in the order of their offsets; streamed, so hold none of them.
  Iterator<LogRecord> records(int partition);
}
