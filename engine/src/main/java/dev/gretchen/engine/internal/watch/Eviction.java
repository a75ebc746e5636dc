package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.FenceProducersResult;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes members from the group and fences their producers, at the same time: the one frees their
/// partitions, the other ends a transaction that they may have left open, which would hold up every
/// reader of committed records and every stable offset for its time-out.
///
/// Members that have gone without being removed are fenced only where they have left a transaction
/// open.
///
/// Where a suspect may live it is fenced a second time, after the removal: in between it may have
/// made its producer anew. The group's generation keeps its offsets out in any case.
///
/// **Nothing waits here.** An order is carried out at once or not taken. One that stood behind
/// another would be carried out on what was seen before it: meanwhile the suspect may have been
/// heard, another watcher may have come, and the slot's next process may have the producer's id.
///
/// One activity, which waits for the brokers; orders come from the watch's thread.
public final class Eviction implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  /// Not longer: what a removal was decided on is stale soon, and the suspect may have come back
  /// under the same instance id. Then there is another decision.
  private static final Duration REMOVAL_BOUND = Duration.ofMillis(1_500);

  /// Not longer either: the slot's next process has the same transactional id, and fences it
  /// itself.
  private static final Duration BOUND = Duration.ofSeconds(3);

  /// An idle connection is closed by either side after some minutes; an eviction should find one.
  private static final Duration KEEP_WARM = Duration.ofSeconds(60);

  private final Admin admin;
  private final String group;
  private final Monitor monitor;

  /// Taken by whoever has the activity do something: an order, or the activity itself.
  private final AtomicBoolean free = new AtomicBoolean(true);

  private volatile @Nullable Order taken;
  private volatile boolean stopping;

  /// Something to be done.
  ///
  /// @param removes whether they are to be removed from the group, too
  /// @param again whether to fence a second time
  record Order(List<Peer> peers, boolean removes, boolean again, Outcome outcome) {}

  /// Told on the eviction's thread.
  interface Outcome {

    /// They are no members any more.
    void removed();

    /// What these left open has ended.
    void fenced(List<Peer> fenced);

    /// The brokers have not said in time that it is done.
    void failed();

    /// The next order would be taken, whatever became of this one.
    void ended();
  }

  public Eviction(Surroundings surroundings, Admin admin, String group) {
    this.admin = admin;
    this.group = group;
    this.monitor = surroundings.monitor();
  }

  /// Has an order carried out, at once.
  ///
  /// @return whether it is; if not, something else is under way, and the order is to be decided
  ///   anew
  boolean takes(Order order) {
    if (!free.compareAndSet(true, false)) {
      return false;
    }
    taken = order;
    monitor.signal();
    return true;
  }

  /// Ends after the step at hand.
  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() throws InterruptedException {
    monitor.await(() -> stopping || taken != null, KEEP_WARM);
    if (stopping) {
      return false;
    }
    Order order = taken;
    if (order != null) {
      taken = null;
      carryOut(order);
      free.set(true);
      order.outcome().ended();
    } else if (free.compareAndSet(true, false)) {
      keepWarm();
      free.set(true);
    }
    return true;
  }

  private void carryOut(Order order) throws InterruptedException {
    if (!order.removes()) {
      List<Peer> open = leftOpen(order.peers());
      if (!open.isEmpty() && await("fencing", fence(open).all())) {
        order.outcome().fenced(open);
      }
      return;
    }
    RemoveMembersFromConsumerGroupResult removal = remove(order.peers());
    FenceProducersResult fencing = fence(order.peers());
    boolean removed = true;
    for (Peer peer : order.peers()) {
      removed &= await("removal", removal.memberResult(new MemberToRemove(peer.instance())));
    }
    if (removed) {
      order.outcome().removed();
    } else {
      order.outcome().failed();
    }
    boolean fenced = await("fencing", fencing.all());
    if (order.again()) {
      fenced = await("fencing", fence(order.peers()).all());
    }
    if (fenced) {
      order.outcome().fenced(order.peers());
    }
  }

  /// Those of some that have gone and have left a transaction open.
  ///
  /// A slot's next process may have their transactional id already, and would be hit in their
  /// place, though it has fenced them itself. It opens no transaction before it is a member. So a
  /// transaction that was open while the slot had no member is that of the one who has gone: the
  /// group is asked after the transaction.
  private List<Peer> leftOpen(List<Peer> gone) throws InterruptedException {
    DescribeTransactionsResult transactions =
        admin.describeTransactions(
            gone.stream().map(Peer::transactionalId).distinct().toList(),
            new DescribeTransactionsOptions().timeoutMs((int) BOUND.toMillis()));
    List<Peer> open = new ArrayList<>();
    for (Peer peer : gone) {
      TransactionDescription told =
          answer("looking at a transaction", transactions.description(peer.transactionalId()));
      if (told != null && told.state() == TransactionState.ONGOING) {
        open.add(peer);
      }
    }
    if (open.isEmpty()) {
      return open;
    }
    Map<String, ConsumerGroupDescription> groups = answer("looking at the group", look());
    ConsumerGroupDescription members = groups == null ? null : groups.get(group);
    if (members == null) {
      return List.of();
    }
    open.removeIf(peer -> hasMember(members, peer.worker()));
    return open;
  }

  private static boolean hasMember(ConsumerGroupDescription members, String worker) {
    return members.members().stream()
        .flatMap(member -> member.groupInstanceId().stream())
        .anyMatch(instance -> Peer.isOf(worker, instance));
  }

  private RemoveMembersFromConsumerGroupResult remove(List<Peer> peers) {
    RemoveMembersFromConsumerGroupOptions options =
        new RemoveMembersFromConsumerGroupOptions(
            peers.stream().map(peer -> new MemberToRemove(peer.instance())).toList());
    options.reason("found dead by its peers");
    options.timeoutMs((int) REMOVAL_BOUND.toMillis());
    return admin.removeMembersFromConsumerGroup(group, options);
  }

  private FenceProducersResult fence(List<Peer> peers) {
    return admin.fenceProducers(
        peers.stream().map(Peer::transactionalId).distinct().toList(),
        new FenceProducersOptions().timeoutMs((int) BOUND.toMillis()));
  }

  private void keepWarm() throws InterruptedException {
    var _ = answer("looking at the group", look());
  }

  private KafkaFuture<Map<String, ConsumerGroupDescription>> look() {
    return admin
        .describeConsumerGroups(
            List.of(group), new DescribeConsumerGroupsOptions().timeoutMs((int) BOUND.toMillis()))
        .all();
  }

  /// @return whether it is done; that somebody is no member has been done by somebody else
  private static boolean await(String what, KafkaFuture<?> future) throws InterruptedException {
    try {
      future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException failure) {
      return failure.getCause() instanceof UnknownMemberIdException || failed(what, failure);
    } catch (TimeoutException | KafkaException late) {
      return failed(what, late);
    }
  }

  /// @return what the brokers say, or null if they have not said it in time
  private static <T> @Nullable T answer(String what, KafkaFuture<T> future)
      throws InterruptedException {
    try {
      return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | KafkaException failure) {
      var _ = failed(what, failure);
      return null;
    }
  }

  private static boolean failed(String what, Exception cause) {
    LOG.atInfo().addKeyValue("what", what).addKeyValue("cause", cause.toString()).log("failed");
    return false;
  }
}
