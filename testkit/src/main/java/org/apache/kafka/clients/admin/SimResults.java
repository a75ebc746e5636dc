package org.apache.kafka.clients.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.jspecify.annotations.NullMarked;

/// Makes results of an admin client whose constructors Kafka keeps to its own package, which is the
/// only reason for this class to be here.
@NullMarked
public final class SimResults {

  private SimResults() {}

  public static DescribeTopicsResult describedByName(
      Map<String, KafkaFuture<TopicDescription>> topics) {
    return DescribeTopicsResult.ofTopicNames(topics);
  }

  public static DescribeTopicsResult describedById(
      Map<Uuid, KafkaFuture<TopicDescription>> topics) {
    return DescribeTopicsResult.ofTopicIds(topics);
  }

  public static CreateTopicsResult created(
      Map<String, KafkaFuture<CreateTopicsResult.TopicMetadataAndConfig>> topics) {
    return new CreateTopicsResult(topics);
  }

  public static DeleteTopicsResult deleted(Map<String, KafkaFuture<Void>> topics) {
    return DeleteTopicsResult.ofTopicNames(topics);
  }

  public static ListTopicsResult listed(KafkaFuture<Map<String, TopicListing>> topics) {
    return new ListTopicsResult(topics);
  }

  public static ListConsumerGroupOffsetsResult offsets(
      Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> groups) {
    Map<CoordinatorKey, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> keyed =
        new LinkedHashMap<>();
    groups.forEach((group, offsets) -> keyed.put(CoordinatorKey.byGroupId(group), offsets));
    return new ListConsumerGroupOffsetsResult(keyed);
  }

  public static RemoveMembersFromConsumerGroupResult removed(
      KafkaFuture<Map<MemberIdentity, Errors>> outcome, Set<MemberToRemove> members) {
    return new RemoveMembersFromConsumerGroupResult(outcome, members);
  }

  /// How a member is named in the outcome.
  public static MemberIdentity identity(MemberToRemove member) {
    return member.toMemberIdentity();
  }

  public static FenceProducersResult fenced(
      Map<String, KafkaFuture<ProducerIdAndEpoch>> producers) {
    Map<CoordinatorKey, KafkaFuture<ProducerIdAndEpoch>> keyed = new LinkedHashMap<>();
    producers.forEach((id, outcome) -> keyed.put(CoordinatorKey.byTransactionalId(id), outcome));
    return new FenceProducersResult(keyed);
  }

  public static DescribeTransactionsResult transactions(
      Map<String, KafkaFuture<TransactionDescription>> transactions) {
    Map<CoordinatorKey, KafkaFuture<TransactionDescription>> keyed = new LinkedHashMap<>();
    transactions.forEach((id, outcome) -> keyed.put(CoordinatorKey.byTransactionalId(id), outcome));
    return new DescribeTransactionsResult(keyed);
  }
}
