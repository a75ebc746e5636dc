package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;
import org.jspecify.annotations.NullMarked;

/// Makes results of an admin client whose constructors Kafka keeps to its own package, which is the
/// only reason for this class to be here.
@NullMarked
public final class FakeResults {

  private FakeResults() {}

  /// All are members no more.
  public static RemoveMembersFromConsumerGroupResult removed(Set<MemberToRemove> members) {
    Map<MemberIdentity, Errors> outcome = new HashMap<>();
    members.forEach(member -> outcome.put(member.toMemberIdentity(), Errors.NONE));
    return new RemoveMembersFromConsumerGroupResult(KafkaFuture.completedFuture(outcome), members);
  }

  /// Nobody has said what became of them.
  public static RemoveMembersFromConsumerGroupResult unanswered(Set<MemberToRemove> members) {
    KafkaFutureImpl<Map<MemberIdentity, Errors>> outcome = new KafkaFutureImpl<>();
    outcome.completeExceptionally(new TimeoutException("no answer"));
    return new RemoveMembersFromConsumerGroupResult(outcome, members);
  }

  /// All are fenced.
  public static FenceProducersResult fenced(Collection<String> transactionalIds) {
    Map<CoordinatorKey, KafkaFuture<ProducerIdAndEpoch>> outcome = new HashMap<>();
    transactionalIds.forEach(id ->
        outcome.put(
            CoordinatorKey.byTransactionalId(id),
            KafkaFuture.completedFuture(new ProducerIdAndEpoch(1, (short) 1))));
    return new FenceProducersResult(outcome);
  }

  /// A group with members of some instance ids, each without partitions.
  public static DescribeConsumerGroupsResult described(String group, List<String> instances) {
    List<MemberDescription> members =
        instances.stream()
            .map(instance ->
                new MemberDescription(
                    instance + ":1",
                    Optional.of(instance),
                    Optional.empty(),
                    "",
                    "",
                    new MemberAssignment(Set.of()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
            .toList();
    ConsumerGroupDescription description =
        new ConsumerGroupDescription(
            group,
            false,
            members,
            "",
            GroupType.CLASSIC,
            GroupState.STABLE,
            Node.noNode(),
            Set.of(),
            Optional.empty(),
            Optional.empty());
    return new DescribeConsumerGroupsResult(
        Map.of(group, KafkaFuture.completedFuture(description)));
  }

  /// @param known the states of the ids that are known; others are not found
  public static DescribeTransactionsResult transactions(
      Collection<String> transactionalIds, Map<String, TransactionState> known) {
    Map<CoordinatorKey, KafkaFuture<TransactionDescription>> outcome = new HashMap<>();
    for (String id : transactionalIds) {
      TransactionState state = known.get(id);
      KafkaFutureImpl<TransactionDescription> told = new KafkaFutureImpl<>();
      if (state == null) {
        told.completeExceptionally(Errors.TRANSACTIONAL_ID_NOT_FOUND.exception());
      } else {
        told.complete(
            new TransactionDescription(0, state, 1, 1, 1, OptionalLong.empty(), Set.of()));
      }
      outcome.put(CoordinatorKey.byTransactionalId(id), told);
    }
    return new DescribeTransactionsResult(outcome);
  }
}
