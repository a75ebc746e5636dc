package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes tables complete before their task runs.
///
/// **Order, and why.** For each task: (1) the committed offset of its input, *stable*, that is,
/// after no pending transaction can change it; (2) only then the end of its changelogs. A worker
/// that was evicted may still end a transaction whose offsets were accepted; the stable fetch waits
/// for it, and all of its changelog records are in the log before its offsets are. So the end taken
/// in (2) covers exactly what the offset of (1) covers, and perhaps records of a transaction that
/// will be aborted, which a read-committed reader steps over. (3) Read from the store's own
/// position to that end. (4) The committed offset once more: if it has moved, begin again.
///
/// **Why it is asked twice.** Who was evicted and does not know it yet may recover while another
/// owns the partition, and commits between (1) and (2): its tables would then hold events that it
/// is about to handle. What it commits is refused, but its handlers would run on such tables, and
/// at least once their outputs are out before the refusal. Once the reading has come to the end,
/// every transaction below the end is decided, and whoever ended it has its offsets committed, or
/// still pending; so an offset that is stable and has not moved is that of these very tables.
///
/// **A store is thrown away** only where it cannot be a prefix of the log: its changelog has
/// another topic id, its position lies outside the log, or it is older than the time for which the
/// log keeps tombstones, so that it may have missed deletions. Never because of a crash.
///
/// **A missing committed offset** beside a changelog that holds committed records stops the worker:
/// to start from the beginning would count everything twice. Records of aborted transactions do not
/// count: the very first commit of an app may have been aborted, by a crash or a rebalance.
///
/// Thread: [#step] runs on the recovery thread, with consumer and admin client of its own; the
/// polling thread calls [#submit].
public final class Recovery implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration ASK_AGAIN = Duration.ofMillis(25);
  private static final Duration IDLE = Duration.ofSeconds(1);

  /// So many long changelogs are read at a time, the others after them: what a store gathers has
  /// the longer runs, and the first tasks work while the last are read. Two, so that the brokers
  /// answer for the one while the other's answer is taken in.
  private static final int LONG_AT_A_TIME = 2;

  private final Topology topology;
  private final Surroundings surroundings;
  private final Failpoints failpoints;
  private final Meters meters;
  private final ClusterFacts facts;
  private final RecoveryConsumer consumer;
  private final RecoveryEnd recoveryEnd;
  private final Duration tombstonesKept;
  private final Done done;
  private final Consumer<Throwable> fatal;
  private final Monitor monitor;
  private final ArrayDeque<Task> submitted = new ArrayDeque<>();
  private volatile boolean stopping;

  /// Of each recovery under way; as the recovery thread saw it last.
  private volatile Map<TaskId, Stage> stages = Map.of();

  // confined to the recovery thread
  private final List<TaskRecovery> underWay = new ArrayList<>();

  /// How far a recovery is.
  ///
  /// @param records of its changelogs that it has to read, 0 where it does not know yet
  /// @param missing what the stores have not got of these
  public record Stage(long records, long missing) {}

  /// Takes a task whose tables are complete.
  @FunctionalInterface
  public interface Done {
    void recovered(Task task, Progress progress, RecoveryResult result);
  }

  public Recovery(
      Topology topology,
      Surroundings surroundings,
      RecoverySettings settings,
      Failpoints failpoints,
      Meters meters,
      RecoveryEnd recoveryEnd,
      Done done,
      Consumer<Throwable> fatal) {
    this(
        topology,
        surroundings,
        settings,
        new AdminFacts(surroundings.kafka().admin(settings.admin()), topology.app()),
        failpoints,
        meters,
        recoveryEnd,
        done,
        fatal);
  }

  Recovery(
      Topology topology,
      Surroundings surroundings,
      RecoverySettings settings,
      ClusterFacts facts,
      Failpoints failpoints,
      Meters meters,
      RecoveryEnd recoveryEnd,
      Done done,
      Consumer<Throwable> fatal) {
    this.topology = topology;
    this.surroundings = surroundings;
    this.failpoints = failpoints;
    this.meters = meters;
    this.recoveryEnd = recoveryEnd;
    this.tombstonesKept = settings.tombstonesKept();
    this.done = done;
    this.fatal = fatal;
    this.monitor = surroundings.monitor();
    this.facts = facts;
    this.consumer = new RecoveryConsumer(surroundings.kafka().consumer(settings.consumer()));
  }

  /// Takes a task in hand. Its stores are claimed here, so that nothing else writes to them from
  /// now on.
  public void submit(Task task) {
    task.stores().values().forEach(store -> store.claim(task.token()));
    synchronized (submitted) {
      submitted.add(task);
    }
    monitor.signal();
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  /// The recoveries under way and how far each is, by task. From any thread.
  public Map<TaskId, Stage> underWay() {
    return stages;
  }

  private void show() {
    Map<TaskId, Stage> now = new HashMap<>();
    underWay.forEach(recovery -> now.put(recovery.task().id(), recovery.stage()));
    stages = Map.copyOf(now);
  }

  @Override
  public boolean step() {
    if (stopping) {
      underWay.forEach(TaskRecovery::abandon);
      consumer.close();
      facts.close();
      return false;
    }
    takeSubmitted();
    dropVoid();
    show();
    if (underWay.isEmpty()) {
      consumer.assign(Set.of());
      monitor.await(this::hasWork, IDLE);
      return true;
    }
    try {
      locate();
      read();
      finish();
    } catch (ClusterFacts.NotNow | KafkaException notNow) {
      LOG.atWarn()
          .addKeyValue("cause", notNow.toString())
          .log("recovery has to wait for the cluster");
      monitor.await(() -> stopping, ASK_AGAIN);
    }
    return true;
  }

  private void dropVoid() {
    for (Iterator<TaskRecovery> recoveries = underWay.iterator(); recoveries.hasNext(); ) {
      TaskRecovery recovery = recoveries.next();
      if (recovery.task().isVoid()) {
        recovery.abandon();
        recoveries.remove();
      }
    }
  }

  private boolean hasWork() {
    synchronized (submitted) {
      return stopping || !submitted.isEmpty();
    }
  }

  private void takeSubmitted() {
    boolean any = false;
    synchronized (submitted) {
      for (Task task = submitted.poll(); task != null; task = submitted.poll()) {
        underWay.add(new TaskRecovery(task, surroundings.nanoTime()));
        any = true;
      }
    }
    if (any) {
      failpoints.hit(Failpoint.RECOVERY_STARTED);
    }
  }

  /// Finds where to start and where to end, for tasks that do not know it yet.
  private void locate() throws ClusterFacts.NotNow {
    List<TaskRecovery> open =
        underWay.stream().filter(recovery -> recovery.progress().isEmpty()).toList();
    if (open.isEmpty()) {
      return;
    }
    List<TopicPartition> inputs =
        open.stream().map(recovery -> recovery.task().id().input()).toList();
    Map<TopicPartition, Optional<Progress>> offsets = facts.stableOffsets(inputs);
    if (offsets.isEmpty()) {
      monitor.await(() -> stopping, ASK_AGAIN);
      return;
    }
    List<TaskRecovery> stable =
        open.stream()
            .filter(recovery -> offsets.containsKey(recovery.task().id().input()))
            .toList();
    Set<TopicPartition> asked = new HashSet<>();
    Set<String> changelogs = new HashSet<>();
    for (TaskRecovery recovery : stable) {
      for (String table : recovery.task().stores().keySet()) {
        asked.add(new TopicPartition(topology.changelog(table), recovery.task().id().partition()));
        changelogs.add(topology.changelog(table));
      }
    }
    Map<TopicPartition, Long> ends = facts.ends(asked);
    asked.addAll(inputs);
    Map<TopicPartition, Long> starts = facts.starts(asked);
    Map<String, Uuid> topicIds = facts.topicIds(changelogs);
    for (TaskRecovery recovery : stable) {
      locate(
          recovery,
          offsets.getOrDefault(recovery.task().id().input(), Optional.empty()),
          starts,
          ends,
          topicIds);
    }
  }

  private void locate(
      TaskRecovery recovery,
      Optional<Progress> committed,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, Long> ends,
      Map<String, Uuid> topicIds) {
    Task task = recovery.task();
    List<PartitionRecovery> tables = new ArrayList<>();
    for (Map.Entry<String, StorePartition> table : task.stores().entrySet()) {
      TopicPartition changelog =
          new TopicPartition(topology.changelog(table.getKey()), task.id().partition());
      long start = required(starts, changelog);
      long end = required(ends, changelog);
      Uuid topicId = topicIds.getOrDefault(changelog.topic(), Uuid.ZERO_UUID);
      Position position = table.getValue().position();
      String wiped =
          Outdated.reason(
              position, topicId, start, end, surroundings.clock().millis(), tombstonesKept);
      if (!wiped.equals(RecoveryResult.NOT_WIPED)) {
        LOG.atWarn()
            .addKeyValue("changelog", changelog)
            .addKeyValue("reason", wiped)
            .log("local state thrown away");
        meters.wiped(wiped);
        table.getValue().wipe(task.token());
        position = Position.NOTHING;
      }
      // an empty store has missed nothing before this moment: as long as a record is in the log, so
      // is the tombstone that deletes it, and for the time that tombstones are kept from then on
      long caughtUpAt =
          position.equals(Position.NOTHING) ? surroundings.clock().millis() : position.caughtUpAt();
      tables.add(
          new PartitionRecovery(
              changelog,
              table.getValue(),
              task.token(),
              PartitionRecovery.Stretch.upTo(
                  new Position(topicId, Math.max(position.next(), start), caughtUpAt),
                  recoveryEnd.of(start, end)),
              wiped));
    }
    TopicPartition input = task.id().input();
    long inputStart = required(starts, input);
    if (committed.isPresent() && committed.get().offset() < inputStart) {
      if (topology.isBetween(input.topic()) && recovery.doubts()) {
        // of such a topic only what was handled is deleted: somebody has committed more since the
        // offset was asked for, so it is asked for again
        return;
      }
      fatal.accept(
          new IllegalStateException(
              "the committed offset of "
                  + input
                  + " is "
                  + committed.get().offset()
                  + ", but the log begins at "
                  + inputStart
                  + ": events were deleted before they were handled. Raise the topic's retention, and set the offset by hand to go on without them"));
      task.retire();
      return;
    }
    recovery.located(
        committed.orElseGet(() -> Progress.at(inputStart)),
        committed.isPresent(),
        tables,
        surroundings.nanoTime());
  }

  private void read() {
    Map<TopicPartition, PartitionRecovery> reading = new HashMap<>();
    int longOnes = 0;
    for (TaskRecovery recovery : underWay) {
      for (PartitionRecovery partition : recovery.partitions()) {
        if (!partition.isComplete() && (!partition.isLong() || ++longOnes <= LONG_AT_A_TIME)) {
          reading.put(partition.changelog(), partition);
          recovery.reading(surroundings.nanoTime());
        }
      }
    }
    consumer.assign(reading.keySet());
    consumer.seekNew(reading);
    if (reading.isEmpty()) {
      return;
    }
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL);
    } catch (OffsetOutOfRangeException overtaken) {
      // retention has passed the position meanwhile: begin again, which decides on a wipe
      LOG.atWarn()
          .addKeyValue("cause", overtaken.toString())
          .log("changelog moved on under the recovery");
      overtaken.partitions().forEach(this::restart);
      return;
    }
    for (TopicPartition changelog : records.partitions()) {
      PartitionRecovery partition = reading.get(changelog);
      if (partition != null) {
        List<ConsumerRecord<byte[], byte[]>> batch = records.records(changelog);
        partition.apply(batch);
        failpoints.hit(Failpoint.RECOVERY_MIDWAY);
      }
    }
    reading.forEach((changelog, partition) -> partition.readUpTo(consumer.position(changelog)));
  }

  private void restart(TopicPartition changelog) {
    for (int i = 0; i < underWay.size(); i++) {
      TaskRecovery recovery = underWay.get(i);
      if (recovery.partitions().stream()
          .anyMatch(partition -> partition.changelog().equals(changelog))) {
        recovery.abandon();
        underWay.set(i, new TaskRecovery(recovery.task(), surroundings.nanoTime()));
      }
    }
    consumer.assign(Set.of());
  }

  /// Lets those go whose tables are complete, and belong to the offset.
  private void finish() throws ClusterFacts.NotNow {
    List<TaskRecovery> complete = underWay.stream().filter(TaskRecovery::isComplete).toList();
    List<TopicPartition> inputs =
        complete.stream()
            .filter(recovery -> !recovery.partitions().isEmpty())
            .map(recovery -> recovery.task().id().input())
            .toList();
    Map<TopicPartition, Optional<Progress>> offsets =
        inputs.isEmpty() ? Map.of() : facts.stableOffsets(inputs);
    boolean pending = false;
    for (TaskRecovery recovery : complete) {
      Optional<Progress> now = offsets.get(recovery.task().id().input());
      if (recovery.partitions().isEmpty() || (now != null && recovery.isStill(now))) {
        underWay.remove(recovery);
        end(recovery);
      } else if (now == null) {
        pending = true;
      } else {
        LOG.atInfo()
            .addKeyValue("task", recovery.task().id())
            .addKeyValue("from", recovery.progress())
            .addKeyValue("now", now)
            .log("somebody else has committed meanwhile, recovery begins again");
        recovery.beginsAgain();
      }
    }
    if (pending) {
      monitor.await(() -> stopping, ASK_AGAIN);
    }
  }

  private void end(TaskRecovery recovery) {
    if (!recovery.wasCommitted()
        && recovery.partitions().stream().anyMatch(PartitionRecovery::holdsSomething)) {
      refuseToBeginAnew(recovery.task());
      return;
    }
    long now = surroundings.clock().millis();
    recovery.partitions().forEach(partition -> partition.complete(now));
    RecoveryResult result = recovery.result(surroundings.nanoTime());
    meters.recovered(result.records(), result.bytes(), result.readMillis());
    LOG.atInfo()
        .addKeyValue("task", recovery.task().id())
        .addKeyValue("records", result.records())
        .addKeyValue("millis", result.millis())
        .addKeyValue("recordsPerSecond", result.recordsPerSecond())
        .addKeyValue("megabytesPerSecond", result.megabytesPerSecond())
        .log("recovered");
    done.recovered(recovery.task(), recovery.progress().orElseThrow(), result);
  }

  private void refuseToBeginAnew(Task task) {
    task.retire();
    fatal.accept(
        new IllegalStateException(
            "no committed offset for "
                + task.id()
                + ", but the changelogs of its tables hold records: reading from the beginning would count them twice. Restore the offsets of group "
                + topology.app()
                + ", or delete the changelogs to begin anew"));
  }

  private static long required(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    @Nullable Long offset = offsets.get(partition);
    if (offset == null) {
      throw new KafkaException("no log offset was returned for " + partition);
    }
    return offset;
  }
}
