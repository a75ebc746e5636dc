package dev.gretchen.engine.internal.assign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// Whatever members say that they own, also those that were away and say the same thing twice: no
/// partition is ever with two of them, and in a few rounds each is with one.
class GroupAssignorPropertyTest {

  private static final int PARTITIONS = 7;
  private static final Cluster CLUSTER = cluster();

  private final GroupAssignor assignor = new GroupAssignor();

  GroupAssignorPropertyTest() {
    assignor.configure(Map.of(AssignorContext.CONFIG, new Context()));
  }

  @Property(tries = 1_000)
  void givesNothingThatSomebodyElseStillHas(@ForAll long seed) {
    Map<String, Subscription> members = confused(new Random(seed));

    Map<String, Assignment> round = assign(members);

    Set<TopicPartition> given = new TreeSet<>(BY_NAME);
    round.forEach((id, assignment) -> {
      for (TopicPartition partition : assignment.partitions()) {
        assertThat(given.add(partition)).as(partition + " is given twice").isTrue();
        boolean hadIt = requireNonNull(members.get(id)).ownedPartitions().contains(partition);
        boolean anotherHasIt =
            members.entrySet().stream()
                .anyMatch(other ->
                    !other.getKey().equals(id)
                        && other.getValue().ownedPartitions().contains(partition));
        assertThat(hadIt || !anotherHasIt).as(partition + " to " + id).isTrue();
      }
    });
  }

  @Property(tries = 1_000)
  void hasGivenAllInAFewRounds(@ForAll long seed) {
    Map<String, Subscription> members = confused(new Random(seed));
    Map<String, Assignment> round = assign(members);
    for (int generation = 10; generation < 13; generation++) {
      Map<String, Subscription> next = new TreeMap<>();
      int now = generation;
      round.forEach((id, assignment) ->
          next.put(
              id,
              member(
                  id,
                  now,
                  assignment.partitions(),
                  GroupView.decode(assignment.userData()).orElseThrow())));
      round = assign(next);
    }

    List<TopicPartition> given = new ArrayList<>();
    round.values().forEach(assignment -> given.addAll(assignment.partitions()));
    assertThat(given).hasSize(2 * PARTITIONS).doesNotHaveDuplicates();
  }

  private static final java.util.Comparator<TopicPartition> BY_NAME =
      java.util.Comparator.comparing(TopicPartition::toString);

  private Map<String, Assignment> assign(Map<String, Subscription> members) {
    return assignor.assign(CLUSTER, new GroupSubscription(members)).groupAssignment();
  }

  private static Map<String, Subscription> confused(Random random) {
    Map<String, Subscription> members = new TreeMap<>();
    int count = 1 + random.nextInt(5);
    for (int m = 0; m < count; m++) {
      List<TopicPartition> owned = new ArrayList<>();
      for (int p = 0; p < PARTITIONS; p++) {
        for (String topic : List.of("plain", "tables")) {
          if (random.nextInt(3) == 0) {
            owned.add(new TopicPartition(topic, p));
          }
        }
      }
      members.put("m" + m, member("m" + m, random.nextInt(4), owned, GroupView.NOTHING));
    }
    return members;
  }

  private static Subscription member(
      String id, int generation, List<TopicPartition> owned, GroupView view) {
    MemberReport report =
        new MemberReport(
            id,
            "1",
            "",
            id + ":80",
            id + ":81",
            "app-" + id,
            view.standbys(),
            view.warmUps(),
            new TreeSet<>(),
            new TreeMap<>(),
            0);
    return new Subscription(
        List.of("plain", "tables"), report.encode(), owned, generation, Optional.empty());
  }

  private static Cluster cluster() {
    List<PartitionInfo> partitions = new ArrayList<>();
    Node node = new Node(1, "b", 9092);
    for (int p = 0; p < PARTITIONS; p++) {
      partitions.add(new PartitionInfo("plain", p, node, new Node[] {node}, new Node[] {node}));
      partitions.add(new PartitionInfo("tables", p, node, new Node[] {node}, new Node[] {node}));
    }
    return new Cluster("c", List.of(node), partitions, Set.of(), Set.of());
  }

  private static final class Context implements AssignorContext {
    @Override
    public List<MovingTogether> groups() {
      return List.of(
          new MovingTogether("plain", List.of("plain"), List.of()),
          new MovingTogether("tables", List.of("tables"), List.of("t")));
    }

    @Override
    public AssignSettings settings() {
      return AssignSettings.of(1, 0);
    }

    @Override
    public boolean mayEvenOut(Set<String> incarnations) {
      return true;
    }

    @Override
    public MemberReport report() {
      throw new UnsupportedOperationException("the leader tells nothing of itself here");
    }

    @Override
    public void assigned(GroupView view, Collection<TopicPartition> inputs) {
      throw new UnsupportedOperationException("nobody is told here");
    }
  }
}
