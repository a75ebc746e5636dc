package dev.gretchen.engine.internal.assign;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A task that changes hands is first taken away, and given in the next round.
class GroupAssignorTest {

  private final Map<String, Subscription> members = new LinkedHashMap<>();
  private final GroupAssignor assignor = new GroupAssignor();
  private final List<GroupView> told = new ArrayList<>();
  private boolean mayEvenOut = true;

  @BeforeEach
  void configure() {
    assignor.configure(Map.of(AssignorContext.CONFIG, new Context()));
  }

  @Test
  void takesAwayFirstAndGivesInTheNextRound() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 3, at(0, 100, 1, 100));

    Map<String, Assignment> first = assign();
    assertThat(inputs(first, "a")).containsExactly(in(1));
    assertThat(inputs(first, "b")).isEmpty();
    assertThat(view(first, "b").standbys()).contains(new TaskId("in", 0));
    assertThat(view(first, "b").owner(new TaskId("in", 0))).isEmpty();

    member("a", 4, at(0, 100, 1, 100), 1);
    Map<String, Assignment> second = assign();
    assertThat(inputs(second, "a")).containsExactly(in(1));
    assertThat(inputs(second, "b")).containsExactly(in(0));
    assertThat(view(second, "a").owner(new TaskId("in", 0)).map(Peer::endpoint)).contains("b:8080");
  }

  @Test
  void hasOneMemberAskAgainWhereEvennessHasToWait() {
    mayEvenOut = false;
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 3, at(0, 100, 1, 100));

    Map<String, Assignment> held = assign();
    assertThat(inputs(held, "a")).containsExactly(in(0), in(1));
    assertThat(view(held, "a").looksAgain()).isTrue();
    assertThat(view(held, "b").looksAgain()).isFalse();

    mayEvenOut = true;
    Map<String, Assignment> even = assign();
    assertThat(inputs(even, "a")).containsExactly(in(1));
    assertThat(view(even, "a").looksAgain()).isFalse();
  }

  @Test
  void takesNothingInARoundThatGives() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 3, at(0, 100, 1, 100));
    reads("a", "in", "found");
    reads("b", "in", "found");

    Map<String, Assignment> gives = assign();

    assertThat(inputs(gives, "a")).as("though b could go on with one").contains(in(0), in(1));
    assertThat(inputs(gives, "b")).hasSize(1);
    assertThat(view(gives, "a").looksAgain()).isTrue();
  }

  @Test
  void believesTheNewestClaimAndHasTheOlderGiveUp() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 5, at(0, 100, 1, 100), 0);

    Map<String, Assignment> round = assign();

    assertThat(inputs(round, "b")).containsExactly(in(0));
    assertThat(inputs(round, "a")).containsExactly(in(1));
  }

  @Test
  void givesToNobodyWhatTwoClaimAlike() {
    member("a", 5, at(0, 100, 1, 100), 0);
    member("b", 5, at(0, 100, 1, 100), 0, 1);

    Map<String, Assignment> round = assign();

    assertThat(inputs(round, "a")).doesNotContain(in(0));
    assertThat(inputs(round, "b")).containsExactly(in(1));
  }

  @Test
  void keepsAColdMemberWarmingUpUntilItHasCaughtUp() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 3, at());

    Map<String, Assignment> cold = assign();
    assertThat(inputs(cold, "a")).containsExactly(in(0), in(1));
    assertThat(view(cold, "b").warmUps()).hasSize(1);

    TaskId warm = view(cold, "b").warmUps().getFirst();
    member("b", 3, at(warm.partition(), 95));
    assertThat(inputs(assign(), "a")).as("it still reads").hasSize(2);

    member("b", 3, at(warm.partition(), 95), new TreeSet<>(Set.of(warm)));
    assertThat(inputs(assign(), "a")).hasSize(1).doesNotContain(in(warm.partition()));
  }

  @Test
  void givesTasksAndNoStandbysToWhoCannotBeRead() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    members.put(
        "b",
        new Subscription(
            List.of("in"), ByteBuffer.wrap(new byte[] {9}), List.of(), 3, Optional.empty()));

    Map<String, Assignment> round = assign();

    assertThat(inputs(round, "a")).hasSize(2);
    assertThat(view(round, "b").standbys()).isEmpty();
    assertThat(view(round, "b").warmUps()).isEmpty();
  }

  @Test
  void sharesOutATopicThatAPatternFindsOnceEveryMemberReadsIt() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    member("b", 3, at(0, 100, 1, 100));
    reads("a", "in", "found", "elsewhere");

    assertThat(inputs(assign(), "a")).noneMatch(input -> input.topic().equals("found"));

    reads("b", "in", "found", "elsewhere");
    Map<String, Assignment> round = assign();
    List<TopicPartition> all = new ArrayList<>(inputs(round, "a"));
    all.addAll(inputs(round, "b"));
    assertThat(all)
        .as("and nothing that neither app nor pattern names")
        .filteredOn(input -> !input.topic().equals("in"))
        .containsExactlyInAnyOrder(new TopicPartition("found", 0), new TopicPartition("found", 1));
  }

  private void reads(String member, String... topics) {
    Subscription before = requireNonNull(members.get(member));
    members.put(
        member,
        new Subscription(
            List.of(topics),
            before.userData(),
            before.ownedPartitions(),
            before.generationId().orElse(-1),
            Optional.empty()));
  }

  @Test
  @SuppressWarnings("removal") // the clients themselves have no other way to make metadata
  void tellsTheWorkerWhatItWasGiven() {
    member("a", 3, at(0, 100, 1, 100), 0, 1);
    Assignment given = requireNonNull(assign().get("a"));

    assignor.onAssignment(given, new org.apache.kafka.clients.consumer.ConsumerGroupMetadata("g"));

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().peers()).extracting(Peer::worker).containsExactly("a");
  }

  private Map<String, Assignment> assign() {
    return assignor.assign(cluster(), new GroupSubscription(members)).groupAssignment();
  }

  private static List<TopicPartition> inputs(Map<String, Assignment> round, String member) {
    return requireNonNull(round.get(member)).partitions();
  }

  private static GroupView view(Map<String, Assignment> round, String member) {
    return GroupView.decode(requireNonNull(round.get(member)).userData()).orElseThrow();
  }

  private void member(String name, int generation, NavigableMap<Integer, Long> disk, int... owned) {
    member(name, generation, disk, new TreeSet<>(), owned);
  }

  private void member(
      String name,
      int generation,
      NavigableMap<Integer, Long> disk,
      NavigableSet<TaskId> caughtUp,
      int... owned) {
    members.put(
        name,
        new Subscription(
            List.of("in"),
            report(name, disk, caughtUp).encode(),
            Arrays.stream(owned).mapToObj(GroupAssignorTest::in).toList(),
            generation,
            Optional.empty()));
  }

  private static MemberReport report(
      String name, NavigableMap<Integer, Long> disk, NavigableSet<TaskId> caughtUp) {
    return new MemberReport(
        name,
        "1",
        "",
        name + ":8080",
        name + ":4000",
        "app-" + name,
        new TreeSet<>(),
        new TreeSet<>(),
        caughtUp,
        new TreeMap<>(Map.of("t", disk)),
        0);
  }

  /// Partition and position, in turns.
  private static NavigableMap<Integer, Long> at(int... numbers) {
    NavigableMap<Integer, Long> disk = new TreeMap<>();
    for (int i = 0; i < numbers.length; i += 2) {
      disk.put(numbers[i], (long) numbers[i + 1]);
    }
    return disk;
  }

  private static TopicPartition in(int partition) {
    return new TopicPartition("in", partition);
  }

  private static Cluster cluster() {
    List<PartitionInfo> partitions = new ArrayList<>();
    for (String topic : List.of("in", "found", "elsewhere")) {
      for (int p = 0; p < 2; p++) {
        @Nullable Node none = null;
        partitions.add(new PartitionInfo(topic, p, none, new Node[0], new Node[0]));
      }
    }
    return new Cluster("c", List.of(), partitions, Set.of(), Set.of());
  }

  private final class Context implements AssignorContext {
    @Override
    public List<MovingTogether> groups() {
      return List.of(new MovingTogether("in", List.of("in"), List.of("t")));
    }

    @Override
    public boolean finds(String topic) {
      return topic.equals("found");
    }

    @Override
    public AssignSettings settings() {
      return AssignSettings.of(0, 10);
    }

    @Override
    public boolean mayEvenOut(Set<String> incarnations) {
      return mayEvenOut;
    }

    @Override
    public MemberReport report() {
      return GroupAssignorTest.report("self", at(), new TreeSet<>());
    }

    @Override
    public void assigned(GroupView view, Collection<TopicPartition> inputs) {
      told.add(view);
    }
  }
}
