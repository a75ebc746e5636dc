package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.sim.SimulationFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// What a rebalance does to a consumer: which partitions it gives up, which it gains, in which
/// order its listener is told, and what the group's metadata are meanwhile.
///
/// This is `ConsumerCoordinator` of `kafka-clients`. **The group's metadata** change in one place
/// only, at the beginning of [#complete]: so partitions that are revoked by a new assignment are
/// revoked under the new generation, and those that are lost, or given up on leaving, under the one
/// in which they were held.
final class Rebalances {

  private static final String COOPERATIVE_STICKY =
      CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME;

  private final GroupSettings settings;
  private final Subscriptions subscriptions;
  private final Optional<String> rack;
  private final List<ConsumerPartitionAssignor> assignors;
  private final RebalanceProtocol protocol;
  private @Nullable Set<String> joinedTopics;
  private ConsumerGroupMetadata metadata;

  Rebalances(GroupSettings settings, Subscriptions subscriptions, ClientConfig config) {
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.rack = Optional.ofNullable(config.text(ConsumerConfig.CLIENT_RACK_CONFIG));
    this.assignors =
        ConsumerPartitionAssignor.getAssignorInstances(strategies(config), config.values());
    this.protocol = common(assignors);
    this.metadata = metadata(Generation.NONE);
  }

  private static List<String> strategies(ClientConfig config) {
    Object value = config.values().get(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
    return switch (value) {
      case null ->
          List.of(RangeAssignor.class.getName(), CooperativeStickyAssignor.class.getName());
      case Class<?> one -> List.of(one.getName());
      case Collection<?> several -> several.stream().map(Rebalances::name).toList();
      default -> Arrays.stream(value.toString().split(",", -1)).map(String::strip).toList();
    };
  }

  private static String name(Object strategy) {
    return strategy instanceof Class<?> type ? type.getName() : strategy.toString();
  }

  private static RebalanceProtocol common(List<ConsumerPartitionAssignor> assignors) {
    List<RebalanceProtocol> supported = new ArrayList<>(List.of(RebalanceProtocol.values()));
    assignors.forEach(assignor -> supported.retainAll(assignor.supportedProtocols()));
    if (supported.isEmpty()) {
      throw new IllegalArgumentException(
          "Specified assignors do not have commonly supported rebalance protocol");
    }
    return supported.getLast();
  }

  @SuppressWarnings("removal") // its successor will be an interface, which 4.3 does not have yet
  private ConsumerGroupMetadata metadata(Generation generation) {
    return new ConsumerGroupMetadata(
        settings.group(),
        generation.id(),
        generation.member(),
        Optional.ofNullable(settings.instance()));
  }

  ConsumerGroupMetadata metadata() {
    return metadata;
  }

  /// Whether the consumer wants other topics than it has joined with.
  boolean haveTopicsChanged() {
    return joinedTopics != null && !joinedTopics.equals(subscriptions.topics());
  }

  /// The member's subscription for each assignor, the preferred one first.
  Map<String, byte[]> protocols(Generation generation) {
    Set<String> topics = new TreeSet<>(subscriptions.topics());
    joinedTopics = topics;
    Map<String, byte[]> protocols = new LinkedHashMap<>();
    for (ConsumerPartitionAssignor assignor : assignors) {
      Subscription subscription =
          new Subscription(
              List.copyOf(topics),
              assignor.subscriptionUserData(topics),
              List.copyOf(subscriptions.assigned()),
              generation.id(),
              rack);
      protocols.put(
          assignor.name(), Utils.toArray(ConsumerProtocol.serializeSubscription(subscription)));
    }
    return protocols;
  }

  // the leader's part

  /// All topics that any member wants.
  Set<String> topicsOf(Reply.Joined joined) {
    Set<String> topics = new TreeSet<>();
    subscriptionsOf(joined).values().forEach(subscription -> topics.addAll(subscription.topics()));
    return topics;
  }

  private static Map<String, Subscription> subscriptionsOf(Reply.Joined joined) {
    Map<String, Subscription> members = new TreeMap<>();
    joined
        .members()
        .forEach((member, bytes) -> {
          Subscription subscription =
              ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(bytes));
          subscription.setGroupInstanceId(Optional.ofNullable(joined.instances().get(member)));
          members.put(member, subscription);
        });
    return members;
  }

  /// Has the group's assignor share out the partitions.
  Map<String, byte[]> assign(Reply.Joined joined, Map<String, Reply.Topic> topics) {
    Map<String, Subscription> members = subscriptionsOf(joined);
    Map<String, List<TopicPartition>> owned = new TreeMap<>();
    members.forEach((member, subscription) -> owned.put(member, subscription.ownedPartitions()));
    ConsumerPartitionAssignor assignor = assignor(joined.protocol());
    Map<String, Assignment> assignments =
        assignor
            .assign(TopicCache.cluster(topics), new GroupSubscription(members))
            .groupAssignment();
    if (protocol == RebalanceProtocol.COOPERATIVE && !assignor.name().equals(COOPERATIVE_STICKY)) {
      requireCooperative(owned, assignments);
    }
    Map<String, byte[]> bytes = new TreeMap<>();
    assignments.forEach((member, assignment) ->
        bytes.put(member, Utils.toArray(ConsumerProtocol.serializeAssignment(assignment))));
    return bytes;
  }

  private static void requireCooperative(
      Map<String, List<TopicPartition>> owned, Map<String, Assignment> assignments) {
    NavigableSet<TopicPartition> added = Partitions.none();
    NavigableSet<TopicPartition> taken = Partitions.none();
    assignments.forEach((member, assignment) -> {
      List<TopicPartition> before = owned.getOrDefault(member, List.of());
      assignment.partitions().stream()
          .filter(partition -> !before.contains(partition))
          .forEach(added::add);
      before.stream()
          .filter(partition -> !assignment.partitions().contains(partition))
          .forEach(taken::add);
    });
    added.retainAll(taken);
    if (!added.isEmpty()) {
      throw new IllegalStateException(
          "Assignor supporting the COOPERATIVE protocol violates its requirements");
    }
  }

  private ConsumerPartitionAssignor assignor(@Nullable String name) {
    return assignors.stream()
        .filter(assignor -> assignor.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException("Coordinator selected invalid assignment protocol: " + name));
  }

  // every member's part

  /// Before joining: gives up what cannot be kept.
  ///
  /// @param generation as it is now: reset if the member was thrown out
  void prepare(Generation generation) {
    NavigableSet<TopicPartition> held = subscriptions.assigned();
    Exception thrown = null;
    if (generation.isLost()) {
      if (!held.isEmpty()) {
        thrown = tell(listener -> listener.onPartitionsLost(held));
        subscriptions.assign(Set.of());
      }
    } else if (protocol == RebalanceProtocol.EAGER) {
      thrown = tell(listener -> listener.onPartitionsRevoked(held));
      subscriptions.assign(Set.of());
    } else {
      NavigableSet<TopicPartition> unwanted = Partitions.none();
      held.stream()
          .filter(partition -> !subscriptions.topics().contains(partition.topic()))
          .forEach(unwanted::add);
      if (!unwanted.isEmpty()) {
        thrown = tell(listener -> listener.onPartitionsRevoked(unwanted));
        held.removeAll(unwanted);
        subscriptions.assign(held);
      }
    }
    failIf(thrown);
  }

  /// The generation is complete: takes over the assignment.
  ///
  /// @param rejoin called where the member has to join again: it gave up partitions for others to
  ///   have, or was given some that it does not want
  void complete(Generation generation, byte[] bytes, Runnable rejoin) {
    ConsumerPartitionAssignor assignor = assignor(generation.protocol());
    metadata = metadata(generation);
    if (bytes.length < 2) {
      throw new IllegalStateException(
          "There are insufficient bytes available to read assignment from the sync-group response (actual byte size "
              + bytes.length
              + ")");
    }
    Assignment assignment = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(bytes));
    NavigableSet<TopicPartition> assigned = Partitions.sorted(assignment.partitions());
    if (!assigned.stream()
        .allMatch(partition -> subscriptions.topics().contains(partition.topic()))) {
      rejoin.run();
      return;
    }
    NavigableSet<TopicPartition> owned = subscriptions.assigned();
    NavigableSet<TopicPartition> added = Partitions.sorted(assigned);
    added.removeAll(owned);
    Exception first = null;
    if (protocol == RebalanceProtocol.COOPERATIVE) {
      NavigableSet<TopicPartition> revoked = Partitions.sorted(owned);
      revoked.removeAll(assigned);
      if (!revoked.isEmpty()) {
        first = tell(listener -> listener.onPartitionsRevoked(revoked));
        rejoin.run();
      }
    }
    try {
      assignor.onAssignment(assignment, metadata);
    } catch (RuntimeException thrown) {
      first = first == null ? thrown : first;
    }
    subscriptions.assign(assigned);
    Exception last = tell(listener -> listener.onPartitionsAssigned(added));
    Exception thrown = first == null ? last : first;
    if (thrown instanceof KafkaException kafka) {
      throw kafka;
    }
    failIf(thrown);
  }

  /// Before leaving: gives up everything.
  ///
  /// @param isRebalancing whether a rebalance is under way, so that nothing is held for sure
  void leave(Generation generation, boolean isRebalancing) {
    NavigableSet<TopicPartition> held = subscriptions.assigned();
    if (!subscriptions.isByTopic() || held.isEmpty()) {
      return;
    }
    Exception thrown =
        generation.isLost() || isRebalancing
            ? tell(listener -> listener.onPartitionsLost(held))
            : tell(listener -> listener.onPartitionsRevoked(held));
    subscriptions.assign(Set.of());
    failIf(thrown);
  }

  private interface Told {
    void by(ConsumerRebalanceListener listener);
  }

  private @Nullable Exception tell(Told what) {
    ConsumerRebalanceListener listener = subscriptions.listener();
    if (listener == null) {
      return null;
    }
    try {
      what.by(listener);
      return null;
    } catch (SimulationFailure failure) {
      throw failure;
    } catch (RuntimeException thrown) {
      return thrown;
    }
  }

  private static void failIf(@Nullable Exception thrown) {
    if (thrown != null) {
      throw new KafkaException("User rebalance callback throws an error", thrown);
    }
  }
}
