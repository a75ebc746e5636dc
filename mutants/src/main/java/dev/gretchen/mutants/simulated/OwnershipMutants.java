package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.assign.GroupAssignor;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.MemoryStore;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.simulation.Engines;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Engines that go wrong where partitions change hands.
final class OwnershipMutants {

  private OwnershipMutants() {}

  /// Whoever finds the disk in use goes on without it.
  static Engines diskShared() {
    return new Engines(
        parts ->
            parts.withStore(settings -> {
              try {
                return parts.store().open(settings);
              } catch (StoreUnavailable _) {
                return new MemoryStore();
              }
            }),
        UnaryOperator.identity());
  }

  /// A standby is promoted as it is: what its changelog has beyond its position is not read.
  static Engines promotedAsItIs() {
    return new Engines(
        parts -> {
          Promotions promotions = new Promotions();
          return OtherStore.of(promotions::watch)
              .apply(parts.withRecoveryEnd((_, end) -> promotions.end(end)));
        },
        UnaryOperator.identity());
  }

  /// Which store is recovered: its position is asked for right before its end is.
  private static final class Promotions {
    private @Nullable Watched last;

    StorePartition watch(StorePartition inner) {
      return new Watched(inner);
    }

    long end(long end) {
      return last == null || last.claims < 2 ? end : Math.min(end, last.stored);
    }

    private final class Watched extends OtherStore.Partition {
      private int claims;
      private long stored;

      Watched(StorePartition inner) {
        super(inner);
      }

      @Override
      public void claim(long claim) {
        super.claim(claim);
        claims++;
      }

      @Override
      public Position position() {
        Position position = super.position();
        stored = position.next();
        last = this;
        return position;
      }
    }
  }

  /// Whoever writes to a store may, whether or not somebody else has claimed it since.
  static Engines claimsIgnored() {
    return new Engines(
        OtherStore.of(inner ->
            new OtherStore.Partition(inner) {
              private long newest;

              @Override
              public void claim(long claim) {
                super.claim(claim);
                newest = claim;
              }

              @Override
              public boolean apply(long claim, List<Change> changes, Position position) {
                return super.apply(newest, changes, position);
              }
            }),
        UnaryOperator.identity());
  }

  /// Standbys read what is not committed yet, and perhaps never will be.
  static Engines standbysReadAhead() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.consumersConfigured(configuration -> {
          if (OtherClients.clientId(configuration).endsWith("-standby")) {
            configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
          }
        }));
  }

  /// A partition is given to its next owner before the last one has given it up.
  static Engines givenBeforeRevoked() {
    return assignor(Hasty.class);
  }

  /// A partition is given to a second member too.
  static Engines twoActives() {
    return assignor(Generous.class);
  }

  private static Engines assignor(Class<?> type) {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.consumersConfigured(configuration ->
            configuration.computeIfPresent(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, (_, _) -> type.getName())));
  }

  /// The shipped assignor, under the one name whose assignments clients do not check.
  abstract static class Unchecked implements ConsumerPartitionAssignor, Configurable {

    private final GroupAssignor sound = new GroupAssignor();

    @Override
    public void configure(Map<String, ?> configuration) {
      sound.configure(configuration);
    }

    @Override
    public String name() {
      return CooperativeStickyAssignor.COOPERATIVE_STICKY_ASSIGNOR_NAME;
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
      return sound.supportedProtocols();
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
      return sound.subscriptionUserData(topics);
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
      sound.onAssignment(assignment, metadata);
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
      return sound.assign(metadata, subscriptions);
    }
  }

  /// Believes that everybody has already given up what it is to give up.
  public static final class Hasty extends Unchecked {
    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
      Map<String, List<TopicPartition>> kept = new HashMap<>();
      super.assign(metadata, subscriptions)
          .groupAssignment()
          .forEach((member, assignment) -> kept.put(member, assignment.partitions()));
      Map<String, Subscription> without = new TreeMap<>();
      subscriptions
          .groupSubscription()
          .forEach((member, subscription) -> {
            List<TopicPartition> owned = new ArrayList<>(subscription.ownedPartitions());
            owned.retainAll(kept.getOrDefault(member, List.of()));
            without.put(
                member,
                new Subscription(
                    subscription.topics(),
                    subscription.userData(),
                    owned,
                    subscription.generationId().orElse(-1),
                    subscription.rackId()));
          });
      return super.assign(metadata, new GroupSubscription(without));
    }
  }

  /// Gives the first member's first partition to the last member too.
  public static final class Generous extends Unchecked {
    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription subscriptions) {
      TreeMap<String, Assignment> assignments =
          new TreeMap<>(super.assign(metadata, subscriptions).groupAssignment());
      List<TopicPartition> first = assignments.firstEntry().getValue().partitions();
      Assignment last = assignments.lastEntry().getValue();
      if (!first.isEmpty() && assignments.size() > 1) {
        List<TopicPartition> more = new ArrayList<>(last.partitions());
        more.add(first.getFirst());
        assignments.put(assignments.lastKey(), new Assignment(more, last.userData()));
      }
      return new GroupAssignment(assignments);
    }
  }
}
