package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.commit.Committer;
import dev.gretchen.engine.internal.commit.Ownership;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.recovery.Recovery;
import dev.gretchen.engine.internal.recovery.RecoveryResult;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The polling thread: it fetches records for the tasks, holds partitions back that have enough,
/// and carries out what the group decides.
///
/// **Gained partitions** are paused and sought at once, so that no poll stops to ask for their
/// committed offsets (with a transaction pending, that would stall the healthy partitions too); the
/// recovery finds the true offset, and the partition is sought there and resumed when its tables
/// are complete.
///
/// **Revoked partitions** are drained: no further event is started, what is complete is committed
/// under the metadata of this very callback, within a bound, and the incarnation is retired. **Lost
/// partitions** are retired first and nothing of theirs is committed.
///
/// **Full partitions** are paused until their task is below half of what it may hold. The task then
/// ends the poll under way, which else would sleep while nothing may be fetched.
///
/// User code never runs here. Other threads hand over through queues; only this thread touches the
/// consumer, but for that one wake-up.
public final class PollLoop implements Activity, ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration DEPARTING_POLL = Duration.ofMillis(5);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

  /// For the handlers of all partitions that leave together: one that hangs must not cost the
  /// worker its membership, and several must not cost it several times.
  private static final Duration QUIET_BOUND = Duration.ofSeconds(2);

  /// Less than any generation, that of one who has not joined included.
  private static final int NOT_ASKED = Integer.MIN_VALUE;

  private static final Duration SETTLED_AFTER = Duration.ofSeconds(1);

  /// How often it is looked how far behind the logs' ends this worker is.
  private static final Duration LAG_EVERY = Duration.ofSeconds(1);

  private final Surroundings surroundings;
  private final Consumer<byte[], byte[]> consumer;
  private final MemberSettings settings;
  private final TaskTable tasks;
  private final Function<TopicPartition, Task> newTask;
  private final Committer committer;
  private final Audit audit;
  private final Failpoints failpoints;
  private final GroupEvents events;
  private final BooleanSupplier asksForRebalance;
  private final ConcurrentLinkedQueue<Recovered> recovered = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Task> toStartAnew = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;
  private final AtomicInteger rejoinAfter = new AtomicInteger(NOT_ASKED);
  private volatile boolean isMember;
  private volatile boolean isSettled;
  private volatile List<String> topics;
  private volatile long lagRecords;

  /// Whether a task that has room again is waited for, and is to end the poll.
  private volatile boolean isHolding;

  // confined to the polling thread
  private final Recovery recovery;
  private final Set<TopicPartition> held = new HashSet<>();
  private int rejoinedAfter = NOT_ASKED;
  private long lagSeenNanos;
  private long ownershipVersion;
  private long lastCallbackNanos;
  private @Nullable List<String> subscribed;
  private @Nullable Departure departure;

  private record Recovered(Task task, Progress progress, RecoveryResult result) {}

  /// @param newTask makes the next incarnation of a partition's task
  /// @param asksForRebalance whether this worker wants one; asked before each poll
  public PollLoop(
      Surroundings surroundings,
      Consumer<byte[], byte[]> consumer,
      MemberSettings settings,
      Collection<String> topics,
      TaskTable tasks,
      Function<TopicPartition, Task> newTask,
      Committer committer,
      Function<PollLoop, Recovery> recovery,
      Audit audit,
      Failpoints failpoints,
      GroupEvents events,
      BooleanSupplier asksForRebalance) {
    this.surroundings = surroundings;
    this.consumer = consumer;
    this.settings = settings;
    this.topics = List.copyOf(topics);
    this.tasks = tasks;
    this.newTask = newTask;
    this.committer = committer;
    this.audit = audit;
    this.failpoints = failpoints;
    this.events = events;
    this.asksForRebalance = asksForRebalance;
    this.recovery = recovery.apply(this);
  }

  /// A task's tables are complete. From the recovery thread.
  public void recovered(Task task, Progress progress, RecoveryResult result) {
    recovered.add(new Recovered(task, progress, result));
    // or it would begin when the poll under way has found something, or waited in vain
    consumer.wakeup();
  }

  /// A task was voided because its effects were dropped, and its partition is to be started anew.
  /// From the committer's thread.
  public void startAnew(Task task) {
    toStartAnew.add(task);
  }

  /// A task that was full has room again. From a handler's thread.
  public void roomAgain() {
    if (isHolding) {
      consumer.wakeup();
    }
  }

  /// Reads more topics from now on, beside those of the start; the group shares them out in its
  /// next generation. From any thread, one at a time.
  public void readToo(Collection<String> found) {
    Set<String> all = new LinkedHashSet<>(topics);
    all.addAll(found);
    topics = List.copyOf(all);
    consumer.wakeup();
  }

  /// Whether this worker is a member of the group, and has been through its first rebalances: a
  /// cooperative group gives a new member nothing at first, because others must give it up.
  public boolean isMember() {
    return isMember && isSettled;
  }

  /// The recovery that this loop feeds.
  public Recovery recovery() {
    return recovery;
  }

  /// How many records of its partitions this worker has not fetched, as far as the fetches of the
  /// last second told it. From any thread.
  public long lagRecords() {
    return lagRecords;
  }

  /// Commits what is complete and leaves the group, in the next steps.
  public void stop() {
    stopping = true;
  }

  /// Joins the group again at once, instead of with the next heartbeat: somebody was removed from
  /// it, and it waits for everybody. From any thread.
  ///
  /// @param generation in which the removed one was a member; a worker that is in a later one has
  ///   joined again already, and would only have the group begin once more
  public void rejoin(int generation) {
    if (!stopping) {
      rejoinAfter.accumulateAndGet(generation, Math::max);
      consumer.wakeup();
    }
  }

  @Override
  public boolean step() {
    events.polled();
    List<String> wanted = topics;
    if (!wanted.equals(subscribed)) {
      consumer.subscribe(wanted, this);
      subscribed = wanted;
    }
    if (stopping) {
      return depart();
    }
    startTasksAnew();
    resumeRecovered();
    settle();
    holdBack();
    seeLag();
    rejoinIfAsked();
    if (asksForRebalance.getAsBoolean()) {
      consumer.enforceRebalance("tasks may move to where they belong");
    }
    try {
      dispatch(consumer.poll(settings.pollBound()));
    } catch (WakeupException _) {
      // there is something to do first; nothing was fetched that is lost with it
    } catch (InvalidOffsetException outside) {
      throw new IllegalStateException(
          "the committed offsets lie outside the log of "
              + outside.partitions()
              + "; events were deleted before they were handled, or the topic was made anew. Set the group's offsets by hand to go on",
          outside);
    }
    return true;
  }

  /// Once in a generation: asked again, by another who has evicted the same one or the next, this
  /// worker is on its way into the next generation already.
  private void rejoinIfAsked() {
    int generation = consumer.groupMetadata().generationId();
    if (rejoinAfter.getAndSet(NOT_ASKED) >= generation && generation != rejoinedAfter) {
      rejoinedAfter = generation;
      consumer.enforceRebalance("a member was removed");
    }
  }

  /// Leaves the group, as soon as what is complete is committed.
  private boolean depart() {
    if (departure == null) {
      departure = new Departure(tasks, committer, surroundings, settings.commitBound());
    }
    if (departure.isReady()) {
      events.leaving();
      consumer.close(
          CloseOptions.timeout(CLOSE_BOUND)
              .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
      events.left();
      isMember = false;
      return false;
    }
    consumer.pause(consumer.assignment());
    try {
      consumer.poll(DEPARTING_POLL);
    } catch (WakeupException _) {
      // it was asked for something, and is about to leave
    }
    return true;
  }

  private void settle() {
    if (isMember
        && !isSettled
        && surroundings.nanoTime() - lastCallbackNanos >= SETTLED_AFTER.toNanos()) {
      isSettled = true;
    }
  }

  /// The client knows it from what it has fetched, and asks nobody. A partition whose recovery is
  /// under way stands at 0 until it is sought, and would tell the length of the log.
  private void seeLag() {
    long now = surroundings.nanoTime();
    if (now - lagSeenNanos < LAG_EVERY.toNanos()) {
      return;
    }
    lagSeenNanos = now;
    Set<TopicPartition> mine = consumer.assignment();
    long sum = 0;
    for (Task task : tasks.all()) {
      TopicPartition input = task.id().input();
      if (task.stage() == Task.Stage.RUNNING && mine.contains(input)) {
        sum += consumer.currentLag(input).orElse(0);
      }
    }
    lagRecords = sum;
  }

  private void dispatch(ConsumerRecords<byte[], byte[]> records) {
    // by task, since the order of `nextOffsets` is another one in each JVM, and a simulation is to
    // be
    // the same in all
    for (Task task : tasks.all()) {
      TopicPartition input = task.id().input();
      OffsetAndMetadata next = records.nextOffsets().get(input);
      if (next != null) {
        task.offer(records.records(input), next.offset());
      }
    }
  }

  private void holdBack() {
    // first, so that room made while it looks is either seen here or ends the poll
    isHolding = true;
    for (Task task : tasks.all()) {
      TopicPartition input = task.id().input();
      if (task.stage() != Task.Stage.RUNNING || !task.isFetched()) {
        continue;
      }
      if (task.isFull() && held.add(input)) {
        consumer.pause(List.of(input));
      } else if (task.hasRoom() && held.remove(input)) {
        consumer.resume(List.of(input));
      }
    }
    isHolding = !held.isEmpty();
  }

  private void resumeRecovered() {
    for (Recovered done = recovered.poll(); done != null; done = recovered.poll()) {
      Task task = done.task();
      if (tasks.get(task.id()) != task || !task.begin(done.progress())) {
        continue;
      }
      TopicPartition input = task.id().input();
      if (task.isFetched()) {
        consumer.seek(input, done.progress().offset());
        consumer.resume(List.of(input));
      }
      held.remove(input);
      audit.running(task.id(), consumer.groupMetadata().generationId(), done.result().shown());
    }
  }

  private void startTasksAnew() {
    for (Task old = toStartAnew.poll(); old != null; old = toStartAnew.poll()) {
      TopicPartition input = old.id().input();
      if (tasks.get(old.id()) == old && consumer.assignment().contains(input)) {
        audit.task("reset", old.id(), consumer.groupMetadata().generationId());
        begin(List.of(input));
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> gained) {
    publishOwnership();
    lastCallbackNanos = surroundings.nanoTime();
    int generation = consumer.groupMetadata().generationId();
    isMember = true;
    LOG.atInfo()
        .addKeyValue("generation", generation)
        .addKeyValue("gained", gained)
        .log("assigned");
    gained.forEach(partition -> audit.task("assigned", TaskId.of(partition), generation));
    events.assigned(generation, gained);
    begin(gained);
  }

  /// Makes incarnations for partitions and has their tables recovered; a worker that is about to
  /// leave only holds them.
  private void begin(Collection<TopicPartition> inputs) {
    consumer.pause(inputs);
    for (TopicPartition input : inputs) {
      consumer.seek(input, 0);
      if (stopping) {
        continue;
      }
      Task task = newTask.apply(input);
      tasks.put(task);
      audit.task("recovering", task.id(), consumer.groupMetadata().generationId());
      recovery.submit(task);
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> given) {
    if (given.isEmpty()) {
      return;
    }
    events.membersOutdated();
    failpoints.hit(Failpoint.REBALANCE_REVOKING);
    int generation = consumer.groupMetadata().generationId();
    LOG.atInfo().addKeyValue("generation", generation).addKeyValue("given", given).log("revoked");
    List<Task> leaving = new ArrayList<>();
    for (TopicPartition input : given) {
      Task task = tasks.get(TaskId.of(input));
      if (task != null) {
        task.drain();
        leaving.add(task);
      }
    }
    long deadline = surroundings.nanoTime() + QUIET_BOUND.toNanos();
    for (Task task : leaving) {
      task.awaitQuiet(Duration.ofNanos(Math.max(0, deadline - surroundings.nanoTime())));
    }
    publishOwnership();
    boolean committed = committer.commitAll(settings.commitBound());
    if (!committed) {
      LOG.atWarn()
          .addKeyValue("given", given)
          .log("not all could be committed in time, the successor does it again");
    }
    retire(given, "revoked", generation);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    events.membersOutdated();
    LOG.atWarn().addKeyValue("lost", lost).log("lost");
    isMember = false;
    retire(lost, "lost", -1);
  }

  private void retire(Collection<TopicPartition> inputs, String event, int generation) {
    for (TopicPartition input : inputs) {
      held.remove(input);
      Task task = tasks.remove(TaskId.of(input));
      if (task != null) {
        task.retire();
        audit.task(event, task.id(), generation);
      }
    }
  }

  private void publishOwnership() {
    committer.publish(new Ownership(++ownershipVersion, consumer.groupMetadata()));
  }
}
