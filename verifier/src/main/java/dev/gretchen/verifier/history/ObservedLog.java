package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.nio.file.Files;
import java.util.Iterator;

/// A topic's observed log in a run directory.
public final class ObservedLog implements PartitionedLog {

  private final RunDirectory run;
  private final String topic;
  private final int partitions;

  /// The log of a topic; without partitions where it was never observed.
  public ObservedLog(RunDirectory run, String topic) {
    this.run = run;
    this.topic = topic;
    int count = 0;
    while (Files.exists(run.log(topic, count))) {
      count++;
    }
    this.partitions = count;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public int partitions() {
    return partitions;
  }

  @Override
  public Iterator<LogRecord> records(int partition) {
    return new LogReader(run.log(topic, partition), partition);
  }
}
