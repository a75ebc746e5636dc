package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our assignor, as Kafka's client calls it: reports in, [TaskAssignor]'s placement out, under the
/// cooperative protocol ([Claims]).
///
/// A task that has to be given up by another first is given to nobody in this round; the member it
/// will go to stands by for it meanwhile. Kafka's client joins again by itself once it has given
/// something up, and that round gives it.
///
/// Made by the client, by name; gets its [AssignorContext] through the configuration. On the
/// polling thread.
public final class GroupAssignor implements ConsumerPartitionAssignor, Configurable {

  private static final Logger LOG = LoggerFactory.getLogger(GroupAssignor.class);
  private static final int NO_GENERATION = -1;

  private @Nullable AssignorContext context;

  @Override
  public void configure(Map<String, ?> configuration) {
    if (!(configuration.get(AssignorContext.CONFIG) instanceof AssignorContext given)) {
      throw new IllegalArgumentException(
          "the consumer's configuration lacks " + AssignorContext.CONFIG);
    }
    context = given;
  }

  private AssignorContext context() {
    AssignorContext given = context;
    if (given == null) {
      throw new IllegalStateException("the assignor was not configured");
    }
    return given;
  }

  @Override
  public String name() {
    return "gretchen";
  }

  @Override
  public List<RebalanceProtocol> supportedProtocols() {
    return List.of(RebalanceProtocol.COOPERATIVE);
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    return context().report().encode();
  }

  @Override
  public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
    GroupView view =
        GroupView.decode(assignment.userData())
            .orElseGet(() -> {
              LOG.atWarn()
                  .addKeyValue("generation", metadata.generationId())
                  .log("the leader's view of the group cannot be read, no standbys here");
              return GroupView.NOTHING;
            });
    context().assigned(view, assignment.partitions());
  }

  @Override
  public GroupAssignment assign(Cluster cluster, GroupSubscription subscriptions) {
    return new GroupAssignment(
        new Round(context(), cluster, new TreeMap<>(subscriptions.groupSubscription())).assign());
  }

  /// One rebalance, at its leader.
  private static final class Round {

    private final AssignorContext context;
    private final NavigableMap<String, Subscription> subscriptions;
    private final List<TaskGroup> groups = new ArrayList<>();
    private final Map<String, AssignorContext.MovingTogether> byTopic = new HashMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<String, MemberReport> reports = new TreeMap<>();
    private final Claims claims = new Claims();

    Round(
        AssignorContext context,
        Cluster cluster,
        NavigableMap<String, Subscription> subscriptions) {
      this.context = context;
      this.subscriptions = subscriptions;
      context.groups().forEach(group -> add(group, cluster));
      for (String topic : readByAll()) {
        if (!byTopic.containsKey(topic) && context.finds(topic)) {
          add(new AssignorContext.MovingTogether(topic, List.of(topic), List.of()), cluster);
        }
      }
    }

    private void add(AssignorContext.MovingTogether group, Cluster cluster) {
      int most = 0;
      for (String topic : group.topics()) {
        Integer count = cluster.partitionCountForTopic(topic);
        partitions.put(topic, count == null ? 0 : count);
        most = Math.max(most, count == null ? 0 : count);
        byTopic.put(topic, group);
      }
      groups.add(new TaskGroup(group.name(), most, !group.tables().isEmpty()));
    }

    /// Topics that every member has subscribed to: members find new topics one after another, and
    /// one that does not read a topic yet must not be given a partition of it.
    private NavigableSet<String> readByAll() {
      NavigableSet<String> all = new TreeSet<>();
      subscriptions.values().stream().findFirst().ifPresent(first -> all.addAll(first.topics()));
      subscriptions.values().forEach(subscription -> all.retainAll(subscription.topics()));
      return all;
    }

    Map<String, Assignment> assign() {
      subscriptions.forEach(this::read);
      List<GroupMember> members = new ArrayList<>();
      subscriptions.keySet().forEach(id -> members.add(member(id)));
      // a round that hands over what was given up takes nothing from anybody: what it gives would
      // hardly have begun when the next round comes
      boolean mayEvenOut = context.mayEvenOut(incarnations()) && allHaveOwners(members);
      Shares decided = TaskAssignor.assign(groups, members, context.settings(), mayEvenOut);
      Map<String, Share> shares = decided.byMember();
      String asker = decided.isHeldBack() ? firstWithReport() : null;
      Map<String, NavigableSet<TaskId>> given = new TreeMap<>();
      Map<String, NavigableSet<TaskId>> standbys = new TreeMap<>();
      shares.forEach((id, share) -> {
        NavigableSet<TaskId> now = new TreeSet<>(share.actives());
        NavigableSet<TaskId> later = new TreeSet<>(share.actives());
        now.removeIf(task -> !claims.mayHave(id, task));
        later.removeAll(now);
        later.removeIf(task -> byName(task).tables().isEmpty() || !reports.containsKey(id));
        later.addAll(share.standbys());
        given.put(id, now);
        standbys.put(id, later);
      });
      List<Peer> peers = new ArrayList<>();
      shares.forEach((id, share) -> peers.add(peer(id, given, standbys, share)));
      Map<String, Assignment> assignments = new HashMap<>();
      shares.forEach((id, share) ->
          assignments.put(
              id,
              new Assignment(
                  inputs(given.getOrDefault(id, new TreeSet<>())),
                  new GroupView(
                          standbys.getOrDefault(id, new TreeSet<>()),
                          share.warmUps(),
                          id.equals(asker),
                          peers)
                      .encode())));
      return assignments;
    }

    private boolean allHaveOwners(List<GroupMember> members) {
      Set<TaskId> owned = new TreeSet<>();
      members.forEach(member -> owned.addAll(member.owned()));
      return groups.stream().allMatch(group -> owned.containsAll(Target.tasks(group)));
    }

    private Set<String> incarnations() {
      Set<String> incarnations = new TreeSet<>();
      for (String id : subscriptions.keySet()) {
        MemberReport report = reports.get(id);
        incarnations.add(report == null ? id : report.incarnation());
      }
      return incarnations;
    }

    /// One is enough to ask for the next round.
    private @Nullable String firstWithReport() {
      return reports.isEmpty() ? null : reports.keySet().iterator().next();
    }

    private void read(String id, Subscription subscription) {
      switch (MemberReport.decode(subscription.userData())) {
        case MemberReport.Told.Report(MemberReport report) -> reports.put(id, report);
        case MemberReport.Told.Unreadable(String why) ->
            LOG.atWarn()
                .addKeyValue("member", id)
                .addKeyValue("why", why)
                .log("a member's report cannot be read: it gets tasks, and no standbys");
      }
      for (TopicPartition input : subscription.ownedPartitions()) {
        AssignorContext.MovingTogether group = byTopic.get(input.topic());
        if (group != null) {
          claims.claim(
              id,
              new TaskId(group.name(), input.partition()),
              subscription.generationId().orElse(NO_GENERATION));
        }
      }
    }

    private GroupMember member(String id) {
      MemberReport report = reports.get(id);
      if (report == null) {
        NavigableSet<TaskId> none = new TreeSet<>();
        return new GroupMember(
            id, id, "", "", false, claims.owned(id), none, none, none, new TreeMap<>());
      }
      return new GroupMember(
          id,
          report.worker(),
          report.incarnation(),
          report.rack(),
          true,
          claims.owned(id),
          report.standbys(),
          report.warmUps(),
          report.caughtUp(),
          sums(report));
    }

    /// Per task the sum of its tables' positions.
    private NavigableMap<TaskId, Long> sums(MemberReport report) {
      NavigableMap<TaskId, Long> sums = new TreeMap<>();
      for (AssignorContext.MovingTogether group : context.groups()) {
        for (String table : group.tables()) {
          NavigableMap<Integer, Long> positions = report.positions().get(table);
          if (positions != null) {
            positions.forEach((partition, position) ->
                sums.merge(new TaskId(group.name(), partition), position, Long::sum));
          }
        }
      }
      return sums;
    }

    private AssignorContext.MovingTogether byName(TaskId task) {
      AssignorContext.MovingTogether group = byTopic.get(task.topic());
      if (group == null) {
        throw new IllegalStateException("no group of tasks is called " + task.topic());
      }
      return group;
    }

    private List<TopicPartition> inputs(NavigableSet<TaskId> tasks) {
      List<TopicPartition> inputs = new ArrayList<>();
      for (TaskId task : tasks) {
        for (String topic : byName(task).topics()) {
          if (task.partition() < partitions.getOrDefault(topic, 0)) {
            inputs.add(new TopicPartition(topic, task.partition()));
          }
        }
      }
      return inputs;
    }

    private Peer peer(
        String id,
        Map<String, NavigableSet<TaskId>> given,
        Map<String, NavigableSet<TaskId>> standbys,
        Share share) {
      MemberReport report = reports.get(id);
      NavigableSet<TaskId> copies = new TreeSet<>(standbys.getOrDefault(id, new TreeSet<>()));
      copies.addAll(share.warmUps());
      return new Peer(
          id,
          report == null ? id : report.worker(),
          report == null ? "" : report.incarnation(),
          report == null ? "" : report.rack(),
          report == null ? "" : report.endpoint(),
          report == null ? "" : report.address(),
          report == null ? "" : report.transactionalId(),
          given.getOrDefault(id, new TreeSet<>()),
          copies);
    }
  }
}
