package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.StagedChange;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits: seals what the tasks have staged into an epoch, has it written, and applies it to the
/// stores.
///
/// **Invariants.**
/// 1. Epochs are written in order, one at a time; while one is under way the tasks go on into the
///    next.
/// 2. An epoch is sent only under [Ownership] that the polling thread handed over. One that was
///    refused waits, sealed, for a newer one, and is then sent again for the tasks that still live.
///    A task that was voided takes with it all that it staged, here and in its open epoch.
/// 3. The stores see an epoch after its commit and never before, in one batch with the changelog
///    position, under the task's token as claim.
/// 4. After an unknown outcome the tasks of that epoch are voided *before* the producer begins
///    anew, and handed to the polling thread, which starts them again from the committed offsets.
///    Tasks without a part in it go on.
///
/// **Threads.** [#step] runs on the committer's thread, which alone touches the writer. The polling
/// thread publishes ownership and may wait in [#commitAll].
public final class Committer implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  /// A commit takes a tenth of the time, where the bounds let it.
  private static final int PAUSE_PER_COMMIT_TIME = 9;

  private static final Duration PAUSE_AFTER_ABORT = Duration.ofMillis(50);
  private static final Duration PAUSE_BETWEEN_BEGINS = Duration.ofMillis(200);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int ABORTS_IN_A_ROW_MAX = 20;

  private final EpochWriter writer;
  private final Topology topology;
  private final Meters meters;
  private final Budget budget;
  private final Poison poison;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private final Duration shortest;
  private final Duration longest;
  private final Supplier<Collection<Task>> tasks;
  private final Consumer<Task> startAnew;
  private final ChangelogIds changelogIds;

  private final AtomicLong asked = new AtomicLong();
  private volatile long served;
  private volatile long refused;
  private volatile @Nullable Ownership ownership;
  private volatile boolean begun;
  private volatile boolean stopping;

  // confined to the committer's thread
  private long number;
  private @Nullable Epoch pending;
  private long refusedVersion = -1;
  private int abortsInARow;
  private long lastCommitEnd;
  private long lastCommitNanos;

  /// The topic ids of changelogs, which go into stored positions.
  @FunctionalInterface
  public interface ChangelogIds {
    org.apache.kafka.common.Uuid of(String changelog);
  }

  /// @param shortest the shortest pause between two commits that nobody asked for
  /// @param longest the longest
  /// @param tasks those that live now
  /// @param startAnew takes a task that was voided because its effects were dropped
  public Committer(
      EpochWriter writer,
      Topology topology,
      Surroundings surroundings,
      Monitor monitor,
      Meters meters,
      Budget budget,
      Poison poison,
      Duration shortest,
      Duration longest,
      Supplier<Collection<Task>> tasks,
      Consumer<Task> startAnew,
      ChangelogIds changelogIds) {
    this.writer = writer;
    this.topology = topology;
    this.surroundings = surroundings;
    this.monitor = monitor;
    this.meters = meters;
    this.budget = budget;
    this.poison = poison;
    this.shortest = shortest;
    this.longest = longest;
    this.tasks = tasks;
    this.startAnew = startAnew;
    this.changelogIds = changelogIds;
  }

  /// Hands over what a rebalance callback has confirmed.
  public void publish(Ownership confirmed) {
    ownership = confirmed;
    monitor.signal();
  }

  /// Commits all that is complete now, and waits for it. For the polling thread, in a callback,
  /// when it has published what the callback confirms: if the group refuses that too, this worker
  /// was evicted, nothing newer will come, and there is nothing to wait for.
  ///
  /// @return whether it was done within the bound
  public boolean commitAll(Duration bound) {
    long ticket = askForCommit();
    monitor.await(() -> served >= ticket || refused >= ticket, bound);
    return hasCommitted(ticket);
  }

  /// Has all that is complete now committed soon.
  ///
  /// @return a ticket to ask with
  public long askForCommit() {
    long ticket = asked.incrementAndGet();
    monitor.signal();
    return ticket;
  }

  /// Whether that is done, or was dropped for good.
  public boolean hasCommitted(long ticket) {
    return served >= ticket;
  }

  /// Whether the producer is ready: this slot's earlier process is fenced.
  public boolean hasBegun() {
    return begun;
  }

  /// Ends after the step at hand, and closes the writer; a commit under way is finished.
  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (stopping) {
      writer.close();
      return false;
    }
    if (!begun) {
      begin();
      return true;
    }
    monitor.await(this::isDue, untilDue());
    long ticket = asked.get();
    boolean done = commit(ticket);
    lastCommitEnd = surroundings.nanoTime();
    if (done) {
      served = ticket;
      monitor.signal();
    }
    return true;
  }

  private boolean isDue() {
    return stopping || asked.get() > served || budget.isHalfUsed();
  }

  /// Short after a quick commit, longer where commits take much of the time. Counted from the end
  /// of the last one, as others do too: counted from its beginning, one that takes as long as the
  /// interval would be followed by the next at once, and commits would be all that is done.
  private Duration untilDue() {
    long wanted =
        Math.clamp(lastCommitNanos * PAUSE_PER_COMMIT_TIME, shortest.toNanos(), longest.toNanos());
    return Duration.ofNanos(Math.max(0, lastCommitEnd + wanted - surroundings.nanoTime()));
  }

  /// @return whether everything that was complete at the call is visible, or dropped for good
  private boolean commit(long ticket) {
    if (pending != null && !settle(ticket)) {
      return false;
    }
    pending = seal();
    return pending == null || settle(ticket);
  }

  private @Nullable Epoch seal() {
    List<TaskEpoch> parts = new ArrayList<>();
    for (Task task : tasks.get()) {
      TaskEpoch part = task.seal();
      if (part != null) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? null : new Epoch(++number, parts);
  }

  /// Tries once to get the pending epoch out of the way.
  ///
  /// @param ticket the newest request to commit that this answers
  private boolean settle(long ticket) {
    Epoch whole = pending;
    if (whole == null) {
      return true;
    }
    // ownership before life: who is void, is void before a newer ownership is handed over. In the
    // other order a task could be lost, and regained by somebody else, between the two looks, and
    // its old effects would go out under metadata that the group accepts
    Ownership confirmed = ownership;
    Epoch.Split split = whole.split();
    Epoch epoch = split.living();
    pending = epoch.isEmpty() ? null : epoch;
    split.dead().forEach(part -> budget.release(part.bytes()));
    if (epoch.isEmpty()) {
      return true;
    }
    if (confirmed == null || !confirmed.isMember() || confirmed.version() <= refusedVersion) {
      monitor.await(this::isOwnershipNewer, LOOK_AGAIN);
      return false;
    }
    if (dropUnfit(epoch)) {
      return false;
    }
    long start = surroundings.nanoTime();
    WriteOutcome outcome = writer.write(epoch, confirmed.metadata());
    lastCommitNanos = surroundings.nanoTime() - start;
    meters.committed(
        outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT), lastCommitNanos);
    return switch (outcome) {
      case WriteOutcome.Committed(Map<TopicPartition, Long> positions) -> {
        abortsInARow = 0;
        apply(epoch, positions);
        pending = null;
        yield true;
      }
      case WriteOutcome.Refused(String reason) -> {
        LOG.atInfo()
            .addKeyValue("epoch", epoch.number())
            .addKeyValue("reason", reason)
            .log("commit refused, waiting for the group");
        refusedVersion = confirmed.version();
        if (confirmed == ownership) {
          refused = ticket;
          monitor.signal();
        }
        yield false;
      }
      case WriteOutcome.Aborted(String reason) -> {
        LOG.atWarn()
            .addKeyValue("epoch", epoch.number())
            .addKeyValue("reason", reason)
            .log("commit aborted");
        if (++abortsInARow >= ABORTS_IN_A_ROW_MAX) {
          beginAnew(epoch, reason);
        } else {
          monitor.await(() -> stopping, PAUSE_AFTER_ABORT);
        }
        yield false;
      }
      case WriteOutcome.Rejected(TopicPartition input, long offset, String reason) -> {
        LOG.atWarn()
            .addKeyValue("source", input + "@" + offset)
            .addKeyValue("reason", reason)
            .log("effects rejected");
        poison.add(input, offset, "its effects were refused: " + reason);
        for (TaskEpoch part : epoch.parts()) {
          if (part.task().id().input().equals(input)) {
            drop(part.task());
          }
        }
        yield false;
      }
      case WriteOutcome.Unknown(String reason) -> {
        LOG.atWarn()
            .addKeyValue("epoch", epoch.number())
            .addKeyValue("reason", reason)
            .log("outcome unknown");
        beginAnew(epoch, reason);
        yield false;
      }
    };
  }

  /// Encodes the changes. A task with one that cannot be sent begins anew, and carefully: each
  /// value is then looked at with its event, which fails by its own policy.
  ///
  /// @return whether a task was dropped
  private boolean dropUnfit(Epoch epoch) {
    boolean dropped = false;
    for (TaskEpoch part : epoch.parts()) {
      String reason = part.encode();
      if (reason != null) {
        LOG.atWarn()
            .addKeyValue("task", part.task().id())
            .addKeyValue("reason", reason)
            .log("a value cannot be sent, its partition begins anew");
        poison.suspect(part.task().id().input());
        drop(part.task());
        dropped = true;
      }
    }
    return dropped;
  }

  private boolean isOwnershipNewer() {
    Ownership confirmed = ownership;
    return stopping
        || (confirmed != null && confirmed.isMember() && confirmed.version() > refusedVersion);
  }

  private void apply(Epoch epoch, Map<TopicPartition, Long> positions) {
    long now = surroundings.clock().millis();
    for (TaskEpoch part : epoch.parts()) {
      Task task = part.task();
      Map<String, StorePartition> stores = task.stores();
      part.changes()
          .forEach((table, changes) -> {
            String changelog = topology.changelog(table);
            Long next = positions.get(new TopicPartition(changelog, task.id().partition()));
            StorePartition store = stores.get(table);
            if (next == null || store == null || changes.isEmpty()) {
              return;
            }
            List<Change> batch = new ArrayList<>(changes.size());
            changes.forEach(change -> batch.add(new Change(change.key(), change.value())));
            store.apply(task.token(), batch, new Position(changelogIds.of(changelog), next, now));
            changes.forEach(StagedChange::applied);
          });
      task.applied();
      budget.release(part.bytes());
    }
  }

  private void beginAnew(Epoch epoch, String reason) {
    meters.reset();
    abortsInARow = 0;
    for (TaskEpoch part : epoch.parts()) {
      drop(part.task());
    }
    LOG.atInfo().addKeyValue("reason", reason).log("producer begins anew");
    begun = false;
  }

  private void drop(Task task) {
    task.retire();
    startAnew.accept(task);
  }

  private void begin() {
    try {
      writer.begin();
      begun = true;
      monitor.signal();
    } catch (KafkaException notNow) {
      LOG.atWarn().addKeyValue("cause", notNow.toString()).log("producer cannot begin yet");
      monitor.await(() -> stopping, PAUSE_BETWEEN_BEGINS);
    }
  }
}
