package dev.gretchen.testkit.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the cluster answers. Errors are Kafka's own; a reply with one holds nothing else of use.
public sealed interface Reply {

  /// [Errors#NONE] if it was carried out.
  Errors error();

  /// An answer without content.
  record Status(Errors error) implements Reply {
    public static final Status DONE = new Status(Errors.NONE);
  }

  /// @param topics those that exist
  record Topics(Errors error, Map<String, Topic> topics) implements Reply {
    public Topics(Map<String, Topic> topics) {
      this(Errors.NONE, topics);
    }
  }

  /// @param configuration as it was given when the topic was made
  record Topic(String name, Uuid id, int partitions, Map<String, String> configuration) {}

  record Producer(Errors error, long producerId, short epoch) implements Reply {}

  /// @param baseOffset offset of the batch's first record, also of one that was there already
  /// @param invalid which records of a refused batch are at fault, by their place in it; empty
  ///   where the error is of the batch as a whole
  record Produced(Errors error, long baseOffset, List<Integer> invalid) implements Reply {
    public Produced(Errors error, long baseOffset) {
      this(error, baseOffset, List.of());
    }
  }

  /// @param partitions one entry for each that was asked for
  record Fetched(Map<TopicPartition, Slice> partitions) implements Reply {
    @Override
    public Errors error() {
      return Errors.NONE;
    }
  }

  /// What one partition gave.
  ///
  /// @param records in offset order; none of an aborted transaction where committed ones were asked
  ///   for
  /// @param nextOffset where to read on, beyond control records and aborted ones at the end
  record Slice(
      Errors error, List<StoredRecord> records, long nextOffset, long logStart, long logEnd) {}

  /// @param offsets of the partitions that exist
  record Offsets(Errors error, Map<TopicPartition, Long> offsets) implements Reply {
    public Offsets(Map<TopicPartition, Long> offsets) {
      this(Errors.NONE, offsets);
    }
  }

  /// @param members subscriptions by member id, for the leader; empty for others
  /// @param instances instance ids by member id, of the static ones among them
  record Joined(
      Errors error,
      int generation,
      String protocol,
      String leader,
      String memberId,
      Map<String, byte[]> members,
      Map<String, String> instances)
      implements Reply {}

  @SuppressWarnings("ArrayRecordComponent")
  record Synced(Errors error, String protocol, byte[] assignment) implements Reply {}

  /// @param offsets of the partitions that have one
  /// @param unstable partitions whose offset a pending transaction may still change; told only
  ///   where stable ones were asked for
  record Committed(
      Errors error, Map<TopicPartition, OffsetAndMetadata> offsets, Set<TopicPartition> unstable)
      implements Reply {}

  /// @param state `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable` or `Dead`
  record GroupState(Errors error, String state, int generation, List<MemberState> members)
      implements Reply {}

  /// @param state as Kafka names it: `Empty`, `Ongoing`, `PrepareCommit`, ...
  /// @param begunMillis when it began; -1 where none has begun since the producer was made
  /// @param partitions that have joined it
  record TransactionState(
      Errors error,
      String state,
      long producerId,
      short epoch,
      int timeoutMillis,
      long begunMillis,
      Set<TopicPartition> partitions)
      implements Reply {}

  /// @param assignment as the leader gave it, or null
  @SuppressWarnings("ArrayRecordComponent")
  record MemberState(String memberId, @Nullable String instanceId, byte @Nullable [] assignment) {}
}
