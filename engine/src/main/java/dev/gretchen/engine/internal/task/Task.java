package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.EffectTooLarge;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One incarnation of a task: it takes the records of its input partition, runs their handlers one
/// after another, and stages their effects.
///
/// **Threads.** An actor. The polling thread offers batches; an *activation* on a handler thread
/// works them off; the committer seals what is staged. The lock guards the mailbox and the open
/// epoch and is held for moments, never while user code runs: the effects of an event wait in
/// [CurrentEvent] and move to the open epoch in one step when its last handler has returned. So the
/// committer may seal at any time and always finds whole events, and a handler that blocks holds up
/// nobody but its own partition.
///
/// **Ends.** An incarnation that loses its partition, or whose effects were dropped, is voided for
/// good: it stages nothing more and the committer drops what it staged. The partition's next
/// incarnation is another object, with another token.
public final class Task {

  /// The life of an incarnation; it only moves forward.
  public enum Stage {
    /// Its tables are not complete; nothing is handled.
    RECOVERING,
    RUNNING,
    /// Finishes the event at hand and starts no other; what is staged can still be committed.
    DRAINING,
    VOID
  }

  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  /// Events handled in one activation before other partitions get their turn.
  private static final int ACTIVATION_EVENTS_MAX = 1_000;

  /// Windows dropped with one event, so that expiry is spread over commits.
  private static final int EXPIRED_PER_EVENT_MAX = 500;

  private record Batch(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {}

  private final TaskId id;
  private final long token;
  private final TaskContext context;
  private final List<AgentSpec> agents;
  private final FailurePolicy policy;
  private final Map<String, TablePartition> tables = new HashMap<>();
  private final CurrentEvent current;
  private final Runnable activation;
  private final Monitor monitor;

  private final Object lock = new Object();
  private final ArrayDeque<Batch> mailbox = new ArrayDeque<>();
  private int buffered;
  private boolean active;
  private Stage stage = Stage.RECOVERING;
  private long epoch = 1;
  private long nextOffset = -1;
  private long sealedOffset = -1;
  private List<Output> outputs = new ArrayList<>();
  private Map<String, Map<ByteKey, StagedChange>> changes = new HashMap<>();
  private long stagedBytes;
  private long completedStreamTime = Long.MIN_VALUE;
  private long sealedStreamTime = Long.MIN_VALUE;
  private final AtomicLong appliedEpoch = new AtomicLong();

  // confined to the activation
  private int inBatch;
  private long streamTime = Long.MIN_VALUE;
  private long handled;

  /// @param token tells incarnations apart; greater than that of every earlier one
  /// @param partitions how many partitions the input topic has
  /// @param stores the store partitions of the task's tables, by table
  public Task(
      TaskId id,
      long token,
      TaskContext context,
      int partitions,
      Map<String, StorePartition> stores) {
    this.id = id;
    this.token = token;
    this.context = context;
    this.agents =
        List.copyOf(context.topology().agentsByTopic().getOrDefault(id.topic(), List.of()));
    this.policy = strictest(agents);
    this.current = new CurrentEvent(context.recordBytesMax(), context.meters()::late);
    this.activation = current.inScope(this::run);
    this.monitor = context.surroundings().monitor();
    for (TableSpec spec : context.topology().tablesByTopic().getOrDefault(id.topic(), List.of())) {
      StorePartition store = stores.get(spec.name());
      if (store == null) {
        throw new IllegalArgumentException(
            "task " + id + " needs a store for table " + spec.name());
      }
      TablePartition table = new TablePartition(spec, store, current, partitions);
      tables.put(spec.name(), table);
      current.add(spec.name(), table);
    }
  }

  public TaskId id() {
    return id;
  }

  /// Tells this incarnation from others of the same partition; also its claim on the stores.
  public long token() {
    return token;
  }

  public Stage stage() {
    synchronized (lock) {
      return stage;
    }
  }

  /// The stores of the task's tables, by table.
  public Map<String, StorePartition> stores() {
    Map<String, StorePartition> stores = new HashMap<>();
    tables.forEach((name, table) -> stores.put(name, table.store()));
    return stores;
  }

  /// Begins to handle events: its tables are complete, its input stands at an offset.
  ///
  /// @return false if the task was voided meanwhile
  public boolean begin(long offset) {
    long storedStreamTime = Long.MIN_VALUE;
    for (TablePartition table : tables.values()) {
      byte[] stored =
          table.spec().isWindowed() ? table.store().get(StoreKeys.STREAM_TIME.bytes()) : null;
      if (stored != null) {
        storedStreamTime = Math.max(storedStreamTime, ByteBuffer.wrap(stored).getLong());
      }
    }
    synchronized (lock) {
      if (stage != Stage.RECOVERING) {
        return false;
      }
      stage = Stage.RUNNING;
      nextOffset = offset;
      sealedOffset = offset;
      streamTime = storedStreamTime;
      completedStreamTime = storedStreamTime;
      sealedStreamTime = storedStreamTime;
      return true;
    }
  }

  /// Takes records in offset order.
  ///
  /// @param nextAfter the position behind them, beyond control records where there are some
  public void offer(List<ConsumerRecord<byte[], byte[]>> records, long nextAfter) {
    synchronized (lock) {
      if (stage != Stage.RUNNING) {
        return;
      }
      mailbox.add(new Batch(records, nextAfter));
      buffered += records.size();
    }
    wake();
  }

  /// How many records wait in the mailbox.
  public int buffered() {
    synchronized (lock) {
      return buffered;
    }
  }

  /// Starts an activation if there is work and none is under way.
  public void wake() {
    synchronized (lock) {
      if (active || stage != Stage.RUNNING || mailbox.isEmpty() || context.budget().isExhausted()) {
        return;
      }
      active = true;
    }
    context.surroundings().handlers().execute(activation);
  }

  /// Starts no other event; the one at hand may end.
  public void drain() {
    synchronized (lock) {
      if (stage == Stage.RUNNING) {
        stage = Stage.DRAINING;
      }
    }
    monitor.signal();
  }

  /// Ends this incarnation for good: what it staged is dropped.
  public void retire() {
    long dropped;
    synchronized (lock) {
      stage = Stage.VOID;
      mailbox.clear();
      buffered = 0;
      dropped = stagedBytes;
      stagedBytes = 0;
      outputs = new ArrayList<>();
      changes = new HashMap<>();
    }
    context.budget().release(dropped);
    monitor.signal();
  }

  public boolean isVoid() {
    synchronized (lock) {
      return stage == Stage.VOID;
    }
  }

  /// Waits until no handler runs.
  public boolean awaitQuiet(Duration bound) {
    return monitor.await(
        () -> {
          synchronized (lock) {
            return !active;
          }
        },
        bound);
  }

  /// Hands over what is staged: whole events only. Null if there is nothing, or the incarnation is
  /// void.
  public @Nullable TaskEpoch seal() {
    synchronized (lock) {
      if (stage == Stage.VOID || stage == Stage.RECOVERING || nextOffset == sealedOffset) {
        return null;
      }
      stageStreamTime();
      TaskEpoch sealed = new TaskEpoch(this, nextOffset, outputs, changes, stagedBytes);
      outputs = new ArrayList<>();
      changes = new HashMap<>();
      stagedBytes = 0;
      sealedOffset = nextOffset;
      epoch++;
      return sealed;
    }
  }

  /// The store holds all changes of a sealed epoch.
  public void applied() {
    appliedEpoch.incrementAndGet();
  }

  private void stageStreamTime() {
    if (completedStreamTime == sealedStreamTime) {
      return;
    }
    byte[] encoded = ByteBuffer.allocate(Long.BYTES).putLong(completedStreamTime).array();
    for (TablePartition table : tables.values()) {
      if (table.spec().isWindowed()) {
        long offset = nextOffset - 1;
        changes
            .computeIfAbsent(table.spec().name(), _ -> new HashMap<>())
            .put(StoreKeys.STREAM_TIME, StagedChange.unpublished(encoded, offset));
      }
    }
    sealedStreamTime = completedStreamTime;
  }

  private void run() {
    handled = 0;
    try {
      work();
    } catch (Throwable bug) {
      // nobody knows what state the event at hand is in: nothing of this incarnation counts
      retire();
      context.fatal().accept(bug);
    } finally {
      context.meters().handled(id.topic(), handled);
      synchronized (lock) {
        active = false;
      }
      monitor.signal();
    }
    wake();
  }

  private void work() {
    for (TablePartition table : tables.values()) {
      table.evict(appliedEpoch.get());
    }
    for (int events = 0; events < ACTIVATION_EVENTS_MAX; events++) {
      Batch batch;
      synchronized (lock) {
        if (stage != Stage.RUNNING || context.budget().isExhausted()) {
          return;
        }
        batch = mailbox.peek();
      }
      if (batch == null) {
        return;
      }
      if (inBatch < batch.records.size()) {
        if (!handle(batch.records.get(inBatch))) {
          return;
        }
        inBatch++;
      }
      if (inBatch >= batch.records.size()) {
        inBatch = 0;
        finish(batch);
      }
    }
  }

  private void finish(Batch batch) {
    synchronized (lock) {
      if (stage == Stage.VOID) {
        return;
      }
      if (mailbox.peek() == batch) {
        mailbox.remove();
      }
      buffered -= batch.records.size();
      if (stage == Stage.RUNNING) {
        nextOffset = Math.max(nextOffset, batch.nextOffset);
      }
    }
  }

  /// @return false if the incarnation ended before the event was complete; what comes behind it
  ///   must not be handled then, and the offset not move past it
  private boolean handle(ConsumerRecord<byte[], byte[]> record) {
    streamTime = Math.max(streamTime, record.timestamp());
    current.enter(record, streamTime);
    try {
      TaskContext.Refusal refusal = context.poisoned().refusal(id.input(), record.offset());
      return complete(record, refusal == null ? attempt(record) : deadLetterOf(record, refusal));
    } catch (Abandoned _) {
      // the incarnation ended while the event waited for a retry; its successor handles it
      return false;
    } finally {
      current.leave();
    }
  }

  /// Runs the handlers, again where the policy says so; returns a dead letter where they failed for
  /// good.
  private @Nullable Output attempt(ConsumerRecord<byte[], byte[]> record) throws Abandoned {
    List<AgentSpec.Call> calls = new ArrayList<>(agents.size());
    for (AgentSpec agent : agents) {
      try {
        calls.add(agent.reader().read(record));
      } catch (RuntimeException undecodable) {
        return failed(
            record, "agent " + agent.name() + " cannot decode it: " + undecodable, undecodable);
      }
    }
    for (int attempt = 0; ; attempt++) {
      try {
        for (AgentSpec.Call call : calls) {
          call.run();
        }
        return null;
      } catch (Exception | StackOverflowError | AssertionError failure) {
        current.sent().clear();
        tables.values().forEach(TablePartition::discardWritten);
        Output deadLetter = afterFailure(record, attempt, failure);
        if (deadLetter != null) {
          return deadLetter;
        }
      }
    }
  }

  private @Nullable Output afterFailure(
      ConsumerRecord<byte[], byte[]> record, int attempt, Throwable failure) throws Abandoned {
    if (isVoid()) {
      // a failure of what no longer counts is no reason for anything
      throw new Abandoned();
    }
    return switch (policy) {
      case FailurePolicy.StopWorker _ -> {
        context
            .fatal()
            .accept(
                new IllegalStateException(
                    "a handler failed at "
                        + id
                        + "@"
                        + record.offset()
                        + " and its policy is to stop",
                    failure));
        drain();
        throw new Abandoned();
      }
      case FailurePolicy.DeadLetter(int retries, Duration firstPause) -> {
        if (attempt >= retries || failure instanceof EffectTooLarge) {
          yield failed(record, "handler failed: " + failure, failure);
        }
        context.meters().retried();
        Duration pause = firstPause.multipliedBy(1L << Math.min(attempt, 20));
        if (monitor.await(() -> stage() != Stage.RUNNING, pause)) {
          throw new Abandoned();
        }
        yield null;
      }
    };
  }

  private Output failed(ConsumerRecord<byte[], byte[]> record, String reason, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("source", id + "@" + record.offset())
        .addKeyValue("reason", reason)
        .log("event goes to the dead-letter topic");
    context.meters().deadLettered();
    current.sent().clear();
    tables.values().forEach(TablePartition::discardWritten);
    return DeadLetter.of(
        context.topology().deadLetterTopic(),
        record,
        reason,
        DeadLetter.stackOf(cause),
        context.recordBytesMax());
  }

  private Output deadLetterOf(ConsumerRecord<byte[], byte[]> record, TaskContext.Refusal refusal) {
    String topic = context.topology().deadLetterTopic();
    return refusal.deadLetterToo()
        ? DeadLetter.withoutContent(topic, record, refusal.reason())
        : DeadLetter.of(topic, record, refusal.reason(), "", context.recordBytesMax());
  }

  /// The event is done: its effects join the open epoch, all at once. Whatever can fail comes
  /// first, so that half an event is never found there.
  private boolean complete(ConsumerRecord<byte[], byte[]> record, @Nullable Output deadLetter) {
    Map<TablePartition, List<byte[]>> expired = new HashMap<>();
    for (TablePartition table : tables.values()) {
      expired.put(table, table.expired(streamTime, EXPIRED_PER_EVENT_MAX));
    }
    long bytes = 0;
    synchronized (lock) {
      if (stage == Stage.VOID) {
        return false;
      }
      if (deadLetter != null) {
        outputs.add(deadLetter);
        bytes += deadLetter.size();
      }
      for (Output output : current.sent()) {
        outputs.add(output);
        bytes += output.size();
      }
      for (TablePartition table : tables.values()) {
        Map<ByteKey, StagedChange> open =
            changes.computeIfAbsent(table.spec().name(), _ -> new HashMap<>());
        bytes += table.stageWritten(open, epoch, record.offset());
        for (byte[] key : expired.getOrDefault(table, List.of())) {
          bytes += table.stageDirectly(open, new ByteKey(key), null, epoch, record.offset());
        }
      }
      nextOffset = record.offset() + 1;
      completedStreamTime = streamTime;
      stagedBytes += bytes;
    }
    context.budget().charge(bytes);
    handled++;
    return true;
  }

  private static FailurePolicy strictest(List<AgentSpec> agents) {
    return agents.stream()
        .map(AgentSpec::policy)
        .min(Comparator.comparingInt(Task::patience))
        .orElseGet(FailurePolicy::standard);
  }

  private static int patience(FailurePolicy policy) {
    return switch (policy) {
      case FailurePolicy.StopWorker _ -> -1;
      case FailurePolicy.DeadLetter(int retries, _) -> retries;
    };
  }

  /// The incarnation ended in the middle of an event.
  private static final class Abandoned extends Exception {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super(null, null, false, false);
    }
  }

  @Override
  public String toString() {
    return "task " + id + " (" + token + ")";
  }
}
