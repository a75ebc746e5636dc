package dev.gretchen.verifier.truth;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// Several topics of equally many partitions as one log, whose partitions are counted through: the
/// first topic's, then the next one's.
public final class JoinedLog implements PartitionedLog {

  private final List<PartitionedLog> logs;
  private final int each;

  /// Of logs in the order in which a load's partitions reach over them.
  public JoinedLog(List<PartitionedLog> logs) {
    this.logs = List.copyOf(logs);
    this.each = logs.stream().mapToInt(PartitionedLog::partitions).max().orElse(0);
  }

  @Override
  public String topic() {
    return logs.stream().map(PartitionedLog::topic).collect(Collectors.joining("+"));
  }

  @Override
  public int partitions() {
    return each * logs.size();
  }

  @Override
  public String place(int partition) {
    return logs.get(partition / each).place(partition % each);
  }

  @Override
  public Iterator<LogRecord> records(int partition) {
    Iterator<LogRecord> records = logs.get(partition / each).records(partition % each);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public LogRecord next() {
        return records.next().inPartition(partition);
      }
    };
  }
}
