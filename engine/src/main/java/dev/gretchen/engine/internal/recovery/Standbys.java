package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps copies of tables that other workers own: it tails their changelogs into the stores that a
/// task would use, so that a promotion opens nothing and has little left to read.
///
/// Committed records alone, each batch with the position that it leads to; a batch may end in the
/// middle of a transaction, so a standby is a prefix of the changelog by records, not by commits.
/// It writes under a claim of its own. When the task comes to this worker, the recovery claims the
/// stores, and whatever is still on its way here is dropped; the recovery reads on from the
/// position, to the end that it has found for itself. Nothing that this class knows decides where a
/// recovery ends.
///
/// Every [#LOOK_EVERY] it asks for the logs' ends: how far each copy is behind, and from when on a
/// complete one was so (which decides whether it may have missed tombstones). A copy has **caught
/// up** when it has read all that there was at the look before: one whose owner goes on writing may
/// never be seen at the very end. Until then it looks more often.
///
/// Thread: [#step] runs on the standbys' thread, with consumer and admin client of its own, made
/// when they are needed first; the polling thread calls [#keep]; any thread asks for [#lag].
public final class Standbys implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Standbys.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /// As long as a copy has not caught up: a move waits for it.
  private static final Duration LOOK_UNTIL_CAUGHT_UP = Duration.ofMillis(200);

  /// How often a complete copy's age is written to its store.
  private static final Duration NOTE_EVERY = Duration.ofSeconds(15);

  private static final Comparator<TopicPartition> BY_NAME =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final Topology topology;
  private final Surroundings surroundings;
  private final RecoverySettings settings;
  private final Failpoints failpoints;
  private final Meters meters;
  private final Supplier<ClusterFacts> facts;
  private final Monitor monitor;
  private final Object handover = new Object();
  private List<StandbyTask> wanted = List.of();
  private long wantedVersion;
  private volatile Map<TaskId, Long> lags = Map.of();
  private volatile Map<TaskId, Long> complete = Map.of();
  private volatile Set<StandbyTask> caughtUp = Set.of();
  private volatile boolean stopping;

  // confined to the standbys' thread
  private final Map<TopicPartition, Copy> copies = new TreeMap<>(BY_NAME);
  private long version;
  private long lookAt;
  private @Nullable Clients clients;

  private record Clients(RecoveryConsumer consumer, ClusterFacts facts) {}

  /// One changelog partition and its store.
  private static final class Copy {
    private final StandbyTask task;
    private final String table;
    private @Nullable PartitionRecovery reading;
    private OptionalLong lag = OptionalLong.empty();

    /// Where the log ended at the last look.
    private long endSeen = Long.MAX_VALUE;

    private boolean hasCaughtUp;
    private long notedAt = Long.MIN_VALUE;
    private OptionalLong completeAt = OptionalLong.empty();

    Copy(StandbyTask task, String table) {
      this.task = task;
      this.table = table;
    }

    /// Finds its place anew when it is read again.
    private void abandon() {
      if (reading != null) {
        reading.abandon();
        reading = null;
      }
      endSeen = Long.MAX_VALUE;
      hasCaughtUp = false;
    }
  }

  public Standbys(
      Topology topology,
      Surroundings surroundings,
      RecoverySettings settings,
      Failpoints failpoints,
      Meters meters) {
    this(
        topology,
        surroundings,
        settings,
        failpoints,
        meters,
        () -> new AdminFacts(surroundings.kafka().admin(settings.admin()), topology.app()));
  }

  Standbys(
      Topology topology,
      Surroundings surroundings,
      RecoverySettings settings,
      Failpoints failpoints,
      Meters meters,
      Supplier<ClusterFacts> facts) {
    this.facts = facts;
    this.topology = topology;
    this.surroundings = surroundings;
    this.settings = settings;
    this.failpoints = failpoints;
    this.meters = meters;
    this.monitor = surroundings.monitor();
  }

  /// Says which copies to keep from now on. Those that are kept already, under the same claim, go
  /// on; others end, and leave their stores as they are.
  public void keep(Collection<StandbyTask> tasks) {
    synchronized (handover) {
      wanted = List.copyOf(tasks);
      wantedVersion++;
    }
    monitor.signal();
  }

  /// Records that the copies of a task lack of their changelogs, as it was when last looked at;
  /// empty if that is not known yet.
  public OptionalLong lag(TaskId task) {
    Long lag = lags.get(task);
    return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
  }

  /// Whether the copies of a task have read all that there was when last looked at, or at the look
  /// before, and so read along with the task's owner.
  public boolean hasCaughtUp(StandbyTask task) {
    return caughtUp.contains(task);
  }

  /// Epoch milliseconds: the copies of a task hold all that was committed then; empty if they have
  /// never been known to be complete.
  public OptionalLong completeAt(TaskId task) {
    Long at = complete.get(task);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (stopping) {
      copies.values().forEach(Copy::abandon);
      if (clients != null) {
        clients.consumer().close();
        clients.facts().close();
      }
      return false;
    }
    takeWanted();
    if (copies.isEmpty()) {
      if (clients != null) {
        clients.consumer().assign(Set.of());
      }
      monitor.await(this::hasNews, IDLE);
      return true;
    }
    try {
      Clients with = clients();
      locate(with);
      look(with);
      read(with);
    } catch (ClusterFacts.NotNow | KafkaException notNow) {
      LOG.atWarn()
          .addKeyValue("cause", notNow.toString())
          .log("standbys have to wait for the cluster");
      monitor.await(() -> stopping, ASK_AGAIN);
    }
    return true;
  }

  private boolean hasNews() {
    synchronized (handover) {
      return stopping || wantedVersion != version;
    }
  }

  private Clients clients() {
    Clients made = clients;
    if (made == null) {
      made =
          new Clients(
              new RecoveryConsumer(surroundings.kafka().consumer(settings.consumer())),
              facts.get());
      clients = made;
    }
    return made;
  }

  private void takeWanted() {
    List<StandbyTask> now;
    synchronized (handover) {
      if (wantedVersion == version) {
        return;
      }
      now = wanted;
      version = wantedVersion;
    }
    Map<TopicPartition, Copy> kept = new HashMap<>(copies);
    copies.clear();
    for (StandbyTask task : now) {
      for (String table : task.stores().keySet()) {
        TopicPartition changelog =
            new TopicPartition(topology.changelog(table), task.id().partition());
        Copy before = kept.get(changelog);
        boolean goesOn = before != null && before.task.claim() == task.claim();
        copies.put(changelog, goesOn ? before : new Copy(task, table));
        if (goesOn) {
          kept.remove(changelog);
        }
      }
    }
    kept.values().forEach(Copy::abandon);
    publish();
  }

  /// Finds where to begin, for copies that do not know it yet.
  private void locate(Clients with) throws ClusterFacts.NotNow {
    Set<TopicPartition> open = new TreeSet<>(BY_NAME);
    Set<String> changelogs = new TreeSet<>();
    copies.forEach((changelog, copy) -> {
      if (copy.reading == null) {
        open.add(changelog);
        changelogs.add(changelog.topic());
      }
    });
    if (open.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> ends = with.facts().ends(open);
    Map<TopicPartition, Long> starts = with.facts().starts(open);
    Map<String, Uuid> ids = with.facts().topicIds(changelogs);
    for (TopicPartition changelog : open) {
      Copy copy = copies.get(changelog);
      Long start = starts.get(changelog);
      Long end = ends.get(changelog);
      Uuid id = ids.get(changelog.topic());
      if (copy != null && start != null && end != null && id != null) {
        begin(changelog, copy, id, start, end);
      }
    }
    lookAt = surroundings.nanoTime();
  }

  private void begin(TopicPartition changelog, Copy copy, Uuid id, long start, long end) {
    var store = copy.task.stores().get(copy.table);
    if (store == null) {
      return;
    }
    Position position = store.position();
    long now = surroundings.clock().millis();
    String wiped = Outdated.reason(position, id, start, end, now, settings.tombstonesKept());
    if (!wiped.equals(RecoveryResult.NOT_WIPED)) {
      LOG.atWarn()
          .addKeyValue("changelog", changelog)
          .addKeyValue("reason", wiped)
          .log("local state of a standby thrown away");
      meters.wiped(wiped);
      store.wipe(copy.task.claim());
      position = Position.NOTHING;
    }
    // as with recoveries: an empty store has missed nothing before this moment
    long caughtUpAt = position.equals(Position.NOTHING) ? now : position.caughtUpAt();
    copy.reading =
        new PartitionRecovery(
            changelog,
            store,
            copy.task.claim(),
            PartitionRecovery.Stretch.follow(
                new Position(id, Math.max(position.next(), start), caughtUpAt), end),
            wiped);
  }

  private void read(Clients with) {
    Map<TopicPartition, PartitionRecovery> reading = new TreeMap<>(BY_NAME);
    copies.forEach((changelog, copy) -> {
      if (copy.reading != null) {
        reading.put(changelog, copy.reading);
      }
    });
    with.consumer().assign(new HashSet<>(reading.keySet()));
    with.consumer().seekNew(reading);
    if (reading.isEmpty()) {
      return;
    }
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = with.consumer().poll(POLL);
    } catch (OffsetOutOfRangeException overtaken) {
      LOG.atWarn()
          .addKeyValue("cause", overtaken.toString())
          .log("changelog moved on under a standby");
      for (TopicPartition changelog : overtaken.partitions()) {
        Copy copy = copies.get(changelog);
        if (copy != null) {
          copy.abandon();
        }
      }
      with.consumer().assign(Set.of());
      return;
    }
    reading.forEach((changelog, partition) -> {
      if (!records.records(changelog).isEmpty()) {
        partition.apply(records.records(changelog));
        Copy copy = copies.get(changelog);
        if (copy != null && !copy.hasCaughtUp) {
          // an empty disk is filled here, before the group gives it a task whose recovery is short
          failpoints.hit(Failpoint.RECOVERY_MIDWAY);
        }
      }
      partition.readUpTo(with.consumer().position(changelog));
    });
  }

  /// How far is each copy behind?
  private void look(Clients with) throws ClusterFacts.NotNow {
    if (surroundings.nanoTime() < lookAt) {
      return;
    }
    // before asking: where nobody answers, there is still something to read
    lookAt = surroundings.nanoTime() + LOOK_EVERY.toNanos();
    // taken before the ends are: what was complete then has missed nothing before that
    long asked = surroundings.clock().millis();
    Map<TopicPartition, Long> ends = with.facts().ends(copies.keySet());
    copies.forEach((changelog, copy) -> {
      Long end = ends.get(changelog);
      PartitionRecovery reading = copy.reading;
      if (end == null || reading == null) {
        return;
      }
      long lag = reading.lagBehind(end);
      copy.lag = OptionalLong.of(lag);
      copy.hasCaughtUp = lag == 0 || reading.lagBehind(copy.endSeen) == 0;
      copy.endSeen = end;
      if (lag == 0) {
        copy.completeAt = OptionalLong.of(asked);
      }
      if (lag == 0
          && (copy.notedAt == Long.MIN_VALUE || asked - copy.notedAt >= NOTE_EVERY.toMillis())) {
        reading.complete(asked);
        copy.notedAt = asked;
      }
    });
    if (!copies.values().stream().allMatch(copy -> copy.hasCaughtUp)) {
      lookAt = surroundings.nanoTime() + LOOK_UNTIL_CAUGHT_UP.toNanos();
    }
    publish();
  }

  private void publish() {
    Map<TaskId, Long> sums = new TreeMap<>();
    Map<TaskId, Long> oldest = new TreeMap<>();
    Set<TaskId> unknown = new TreeSet<>();
    Set<TaskId> incomplete = new TreeSet<>();
    Set<StandbyTask> level = new HashSet<>();
    Set<StandbyTask> behind = new HashSet<>();
    for (Copy copy : new ArrayList<>(copies.values())) {
      if (copy.lag.isPresent()) {
        sums.merge(copy.task.id(), copy.lag.getAsLong(), Long::sum);
      } else {
        unknown.add(copy.task.id());
      }
      if (copy.completeAt.isPresent()) {
        oldest.merge(copy.task.id(), copy.completeAt.getAsLong(), Math::min);
      } else {
        incomplete.add(copy.task.id());
      }
      (copy.hasCaughtUp ? level : behind).add(copy.task);
    }
    level.removeAll(behind);
    sums.keySet().removeAll(unknown);
    oldest.keySet().removeAll(incomplete);
    lags = sums;
    complete = oldest;
    caughtUp = level;
  }
}
