package dev.gretchen.simulation.judge;

import java.util.List;

/// The committed records of a topic when all is quiet, by partition in the order of their offsets;
/// markers and aborted records are left out.
///
/// @param complete whether nothing that was committed has been compacted away or deleted since
public record TopicLog(String topic, List<List<CommittedRecord>> partitions, boolean complete) {

  public TopicLog {
    partitions = List.copyOf(partitions);
  }
}
