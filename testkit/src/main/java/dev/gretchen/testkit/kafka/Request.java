package dev.gretchen.testkit.kafka;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What a client asks of the cluster: Kafka's protocol, one record for each API that the engine
/// relies on, with the fields that matter to it.
///
/// @param <R> the reply to it
public sealed interface Request<R extends Reply> {

  /// Its API, for traces and for faults that pick one.
  default String api() {
    return getClass().getSimpleName();
  }

  /// Topics by name; all that are asked for, or those that exist where none is named.
  record Metadata(Set<String> topics) implements Request<Reply.Topics> {}

  /// Makes a topic.
  record CreateTopic(String topic, int partitions, Map<String, String> configuration)
      implements Request<Reply.Status> {}

  record DeleteTopic(String topic) implements Request<Reply.Status> {}

  /// Moves the log's start; the reply carries where it is then.
  ///
  /// @param before -1 for the log's end
  record DeleteRecords(TopicPartition partition, long before) implements Request<Reply.Offsets> {}

  /// @param transactionalId null for an idempotent producer without transactions
  /// @param producerId the producer that has it now, -1 for none: it then asks for its next epoch
  ///   and is refused if somebody else has taken over
  record InitProducerId(
      @Nullable String transactionalId, int transactionTimeoutMillis, long producerId, short epoch)
      implements Request<Reply.Producer> {}

  /// A batch for one partition.
  ///
  /// @param transactionalId null outside a transaction
  /// @param producerId -1 for a producer that is not idempotent
  record Produce(
      @Nullable String transactionalId,
      long producerId,
      short epoch,
      TopicPartition partition,
      int baseSequence,
      List<Message> messages)
      implements Request<Reply.Produced> {}

  record TxnOffsetCommit(
      String transactionalId,
      long producerId,
      short epoch,
      Member member,
      Map<TopicPartition, OffsetAndMetadata> offsets)
      implements Request<Reply.Status> {}

  /// Ends a transaction; the reply carries the producer's next epoch (`transaction.version` 2).
  record EndTxn(String transactionalId, long producerId, short epoch, boolean commit)
      implements Request<Reply.Producer> {}

  /// @param positions where to read from, by partition
  /// @param committed whether to read committed records only
  record Fetch(
      Map<TopicPartition, Long> positions, boolean committed, int messagesMax, int maxWaitMillis)
      implements Request<Reply.Fetched> {}

  /// @param latest log ends, else log starts
  /// @param committed whether the end is that of committed readers
  record ListOffsets(Set<TopicPartition> partitions, boolean latest, boolean committed)
      implements Request<Reply.Offsets> {}

  /// @param clientId begins the member id of a dynamic member
  /// @param memberId empty for one that is not known yet
  /// @param instanceId null for a dynamic member
  /// @param protocols assignors by name with the member's subscription, the preferred first
  record JoinGroup(
      String group,
      String clientId,
      String memberId,
      @Nullable String instanceId,
      int sessionTimeoutMillis,
      int rebalanceTimeoutMillis,
      Map<String, byte[]> protocols)
      implements Request<Reply.Joined> {}

  /// @param assignments by member id, from the leader; empty from others
  record SyncGroup(Member member, Map<String, byte[]> assignments)
      implements Request<Reply.Synced> {}

  record Heartbeat(Member member) implements Request<Reply.Status> {}

  /// @param members to leave, by member id and instance id; the member id is empty where an
  ///   administrator removes a static member
  record LeaveGroup(String group, List<Member> members) implements Request<Reply.Status> {}

  record OffsetCommit(Member member, Map<TopicPartition, OffsetAndMetadata> offsets)
      implements Request<Reply.Status> {}

  /// @param partitions empty for all that have an offset
  record OffsetFetch(String group, Set<TopicPartition> partitions, boolean requireStable)
      implements Request<Reply.Committed> {}

  record DescribeGroup(String group) implements Request<Reply.GroupState> {}

  /// What became of the latest transaction of an id.
  record DescribeTransaction(String transactionalId) implements Request<Reply.TransactionState> {}

  /// Who speaks for a group.
  ///
  /// @param generation -1 for one that has not joined
  record Member(String group, int generation, String memberId, @Nullable String instanceId) {}
}
