package org.apache.kafka.clients.admin;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.common.KafkaFuture;
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
}
