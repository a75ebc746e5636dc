package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.assign.AssignSettings;
import dev.gretchen.engine.internal.assign.AssignorContext;
import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.MemberReport;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.recovery.Standbys;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// This worker's place among the others, beside its own tasks: what it tells of its disk, what it
/// stands by for, and who has what elsewhere.
///
/// **Asking for a rebalance.** A worker that has warmed up for a task asks for it, when it has
/// caught up: what it lacks at the move is read while nobody does the task's work. So does the one
/// that is to look again because tasks were held back. Both wait for the group's rest
/// ([GroupRest]). If the leader, by newer reports, thinks otherwise, they ask again after a pause
/// that doubles.
///
/// On the polling thread, but for [#view] and [#standbys], which any thread may ask for.
public final class Placement implements AssignorContext {

  private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(2);
  private static final Duration ASK_AGAIN_AFTER_MAX = Duration.ofSeconds(60);

  private final Topology topology;
  private final Identity identity;
  private final AssignSettings settings;
  private final Surroundings surroundings;
  private final Store store;
  private final Function<String, Uuid> changelogId;
  private final Duration tombstonesKept;
  private final LongSupplier claims;
  private final Standbys keeper;
  private final Audit audit;
  private final GroupRest rest;
  private volatile GroupView view = GroupView.NOTHING;
  private volatile List<StandbyTask> standbys = List.of();

  // confined to the polling thread
  private long asks;
  private long askAt;
  private Duration askAgainAfter = ASK_AGAIN_AFTER;

  /// Who this worker is.
  ///
  /// @param endpoint `host:port` of its endpoints
  /// @param address `host:port` where its links come in
  public record Identity(
      String worker,
      String incarnation,
      String rack,
      String endpoint,
      String address,
      String transactionalId) {}

  /// @param claims makes the next claim on stores, greater than all before
  /// @param changelogId the topic id of a changelog now
  /// @param tombstonesKept `delete.retention.ms` of the changelogs
  public Placement(
      Topology topology,
      Identity identity,
      AssignSettings settings,
      Surroundings surroundings,
      Store store,
      Function<String, Uuid> changelogId,
      Duration tombstonesKept,
      LongSupplier claims,
      Standbys keeper,
      Audit audit) {
    this.topology = topology;
    this.identity = identity;
    this.settings = settings;
    this.surroundings = surroundings;
    this.store = store;
    this.changelogId = changelogId;
    this.tombstonesKept = tombstonesKept;
    this.claims = claims;
    this.keeper = keeper;
    this.audit = audit;
    this.rest = new GroupRest(surroundings);
  }

  /// Who has what, as the leader said at the last assignment.
  public GroupView view() {
    return view;
  }

  /// What this worker stands by for, warm-ups included.
  public List<StandbyTask> standbys() {
    return standbys;
  }

  /// Records that a standby still lacks, if that is known.
  public OptionalLong lag(TaskId task) {
    return keeper.lag(task);
  }

  /// Whether a standby's copies have caught up, and read along with their owner.
  public boolean hasCaughtUp(StandbyTask standby) {
    return keeper.hasCaughtUp(standby);
  }

  /// Epoch milliseconds: a standby's copies hold all that was committed then, if they ever did.
  public OptionalLong completeAt(TaskId task) {
    return keeper.completeAt(task);
  }

  /// Who this worker is.
  public Identity identity() {
    return identity;
  }

  @Override
  public List<MovingTogether> groups() {
    List<MovingTogether> groups = new ArrayList<>();
    topology
        .tablesByTopic()
        .forEach((topic, tables) ->
            groups.add(
                new MovingTogether(
                    topic, List.of(topic), tables.stream().map(TableSpec::name).toList())));
    return groups;
  }

  @Override
  public boolean finds(String topic) {
    return topology.finds(topic);
  }

  @Override
  public AssignSettings settings() {
    return settings;
  }

  @Override
  public boolean mayEvenOut(Set<String> incarnations) {
    rest.seen(incarnations);
    return rest.isReached();
  }

  @Override
  public MemberReport report() {
    NavigableMap<String, NavigableMap<Integer, Long>> positions = new TreeMap<>();
    for (Store.Name name : store.held()) {
      Position position = store.partition(name.table(), name.partition()).position();
      if (position.next() > 0 && isOfUse(name, position)) {
        positions
            .computeIfAbsent(name.table(), _ -> new TreeMap<>())
            .put(name.partition(), position.next());
      }
    }
    return new MemberReport(
        identity.worker(),
        identity.incarnation(),
        identity.rack(),
        identity.endpoint(),
        identity.address(),
        identity.transactionalId(),
        view.standbys(),
        view.warmUps(),
        caughtUp(),
        positions,
        asks);
  }

  private NavigableSet<TaskId> caughtUp() {
    NavigableSet<TaskId> caughtUp = new TreeSet<>();
    standbys.stream().filter(keeper::hasCaughtUp).forEach(standby -> caughtUp.add(standby.id()));
    return caughtUp;
  }

  private boolean isOfUse(Store.Name name, Position position) {
    return isTable(name.table())
        && position.topicId().equals(changelogId.apply(topology.changelog(name.table())))
        && surroundings.clock().millis() - position.caughtUpAt() <= tombstonesKept.toMillis();
  }

  private boolean isTable(String table) {
    return topology.tablesByTopic().values().stream()
        .anyMatch(tables -> tables.stream().anyMatch(spec -> spec.name().equals(table)));
  }

  @Override
  public void assigned(GroupView given, Collection<TopicPartition> inputs) {
    rest.seen(given.peers().stream().map(Placement::process).toList());
    if (!given.warmUps().equals(view.warmUps()) || given.looksAgain() != view.looksAgain()) {
      // not at once: what this round has moved is to have its first commit behind it
      askAgainAfter = ASK_AGAIN_AFTER;
      askAt = surroundings.nanoTime() + ASK_AGAIN_AFTER.toNanos();
    }
    NavigableSet<TaskId> active = new TreeSet<>();
    inputs.forEach(input -> active.add(TaskId.of(input)));
    NavigableSet<TaskId> wanted = new TreeSet<>(given.standbys());
    wanted.addAll(given.warmUps());
    wanted.removeAll(active);
    NavigableMap<TaskId, StandbyTask> before = new TreeMap<>();
    standbys.forEach(task -> before.put(task.id(), task));
    List<StandbyTask> now = new ArrayList<>();
    for (TaskId id : wanted) {
      StandbyTask kept = before.remove(id);
      now.add(kept == null ? begin(id) : kept);
    }
    for (TaskId id : before.keySet()) {
      audit.task(active.contains(id) ? "promoted" : "dropped", id, -1);
    }
    standbys = List.copyOf(now);
    view = given;
    keeper.keep(now);
  }

  private static String process(Peer peer) {
    return peer.incarnation().isEmpty() ? peer.member() : peer.incarnation();
  }

  private StandbyTask begin(TaskId id) {
    long claim = claims.getAsLong();
    NavigableMap<String, StorePartition> stores = new TreeMap<>();
    for (TableSpec table : topology.tablesByTopic().getOrDefault(id.topic(), List.of())) {
      StorePartition partition = store.partition(table.name(), id.partition());
      partition.claim(claim);
      stores.put(table.name(), partition);
    }
    audit.task("standby", id, -1);
    return new StandbyTask(id, claim, stores);
  }

  /// Whether tasks will still move for evenness by what this worker knows. From any thread.
  public boolean isMoveDue() {
    return view.looksAgain();
  }

  /// Whether this worker is to ask for a rebalance now, because tasks were held back or because it
  /// has warmed up for one; to be asked before each poll.
  public boolean asksForRebalance() {
    GroupView now = view;
    if ((now.warmUps().isEmpty() && !now.looksAgain())
        || surroundings.nanoTime() < askAt
        || !rest.isReached()) {
      return false;
    }
    if (!now.looksAgain() && !isWarm(now)) {
      return false;
    }
    asks++;
    askAt = surroundings.nanoTime() + askAgainAfter.toNanos();
    Duration doubled = askAgainAfter.multipliedBy(2);
    askAgainAfter = doubled.compareTo(ASK_AGAIN_AFTER_MAX) < 0 ? doubled : ASK_AGAIN_AFTER_MAX;
    return true;
  }

  private boolean isWarm(GroupView now) {
    return caughtUp().stream()
        .filter(now.warmUps()::contains)
        .map(keeper::lag)
        .anyMatch(lag -> lag.isPresent() && lag.getAsLong() <= settings.acceptableLagRecords());
  }
}
