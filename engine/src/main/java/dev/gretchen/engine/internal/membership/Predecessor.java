package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.assign.Peer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes from the group what an earlier process of this worker's slot left there.
///
/// A member's `group.instance.id` is slot and incarnation, so a killed process leaves a member
/// behind that nobody is, and the group would wait for its session time-out before the slot's next
/// process could join. That process holds the slot's state directory, so it knows that the earlier
/// one is dead. The removal is a matter of speed alone: what a dead or frozen predecessor may still
/// write is fenced by the slot's `transactional.id` and by the group's generation.
public final class Predecessor {

  private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);
  private static final long BOUND_SECONDS = 5;

  private Predecessor() {}

  /// @param worker the slot
  /// @param self this process's `group.instance.id`, which stays
  public static void evict(Admin admin, String group, String worker, String self) {
    try {
      ConsumerGroupDescription described =
          await(admin.describeConsumerGroups(List.of(group)).all()).get(group);
      if (described == null) {
        return;
      }
      List<MemberToRemove> left =
          described.members().stream()
              .flatMap(member -> member.groupInstanceId().stream())
              .filter(instance -> Peer.isOf(worker, instance) && !instance.equals(self))
              .map(MemberToRemove::new)
              .toList();
      if (!left.isEmpty()) {
        await(
            admin
                .removeMembersFromConsumerGroup(
                    group, new RemoveMembersFromConsumerGroupOptions(left))
                .all());
        LOG.atInfo()
            .addKeyValue("members", left.size())
            .log("removed this slot's earlier process from the group");
      }
    } catch (ExecutionException | TimeoutException cause) {
      // no group yet, or it is just then being rebalanced: the session time-out does the same,
      // later
      LOG.atDebug().addKeyValue("cause", cause.toString()).log("no predecessor removed");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T await(KafkaFuture<T> future)
      throws ExecutionException, TimeoutException, InterruptedException {
    return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
  }
}
