package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.EventClock;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

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

  /// Events handled in one activation before other partitions get their turn.
  private static final int ACTIVATION_EVENTS_MAX = 1_000;

  private final TaskId id;
  private final long token;
  private final TaskContext context;
  private final Map<String, TablePartition> tables = new HashMap<>();
  private final List<TablePartition> allTables = new ArrayList<>();
  private final boolean fetched;
  private final CurrentEvent current;
  private final Waiting waiting;
  private final Attempts attempts;
  private final Completion completion;
  private final @Nullable EventClock clock;
  private final Runnable activation;
  private final Monitor monitor;

  private final Mailbox mailbox;
  private final AtomicBoolean active = new AtomicBoolean();

  /// Fair: the activation takes it once an event, and one that is not fair it would take again and
  /// again before the committer, which waits for it, is on its feet.
  private final ReentrantLock lock = new ReentrantLock(true);

  private volatile Stage stage = Stage.RECOVERING; // written under the lock

  /// Where events are handled beside one another, or a predecessor did so; written once.
  private volatile @Nullable Lanes lanes;

  /// Where windows are waited for; written once.
  private volatile @Nullable Closings closings;

  private final OpenEpoch open = new OpenEpoch(allTables); // guarded by the lock
  private final AtomicLong appliedEpochs = new AtomicLong();

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
    this.fetched = !context.topology().leaderSeat().equals(id);
    this.token = token;
    this.context = context;
    this.monitor = context.surroundings().monitor();
    this.waiting = new Waiting(context.surroundings(), monitor);
    this.current = new CurrentEvent(context, waiting);
    this.activation = current.inScope(this::run);
    this.mailbox = new Mailbox(context.mailbox());
    this.attempts = new Attempts(this, context, current, waiting, false);
    this.clock = context.topology().clock(id.topic());
    for (TableSpec spec : context.topology().tablesByTopic().getOrDefault(id.topic(), List.of())) {
      StorePartition store = stores.get(spec.name());
      if (store == null) {
        throw new IllegalArgumentException(
            "task " + id + " needs a store for table " + spec.name());
      }
      boolean careful = context.poisoned().isSuspect(id.input());
      TablePartition table = new TablePartition(spec, store, current, partitions, careful);
      tables.put(spec.name(), table);
      allTables.add(table);
      current.add(spec.name(), table);
    }
    this.completion = new Completion(id, allTables, context.topology().listeners());
    context.cells().join(allTables.size());
  }

  public TaskId id() {
    return id;
  }

  /// Tells this incarnation from others of the same partition; also its claim on the stores.
  public long token() {
    return token;
  }

  public Stage stage() {
    return stage;
  }

  /// The stores of the task's tables, by table.
  public Map<String, StorePartition> stores() {
    Map<String, StorePartition> stores = new HashMap<>();
    tables.forEach((name, table) -> stores.put(name, table.store()));
    return stores;
  }

  /// As [#begin(Progress)], with nothing done beyond an offset.
  public boolean begin(long offset) {
    return begin(Progress.at(offset));
  }

  /// Begins to handle events: its tables are complete, and so much of its input is done.
  ///
  /// @return false if the task was voided meanwhile
  public boolean begin(Progress progress) {
    long storedStreamTime = open.storedStreamTime();
    lock.lock();
    try {
      if (stage != Stage.RECOVERING) {
        return false;
      }
      stage = Stage.RUNNING;
      streamTime = storedStreamTime;
      open.begin(progress.offset(), storedStreamTime);
      if (!context.topology().lanes(id.topic()).isPlain() || progress.isAhead()) {
        lanes = new Lanes(this, context, allTables, lock, progress, storedStreamTime);
      }
      closings = closingsOf(lanes != null);
    } finally {
      lock.unlock();
    }
    if (completion.isDue() || closings != null) {
      // neither who is told of complete tables nor what the predecessor left open waits for events
      wake();
    }
    return true;
  }

  private @Nullable Closings closingsOf(boolean beside) {
    List<WindowCloser> closers = new ArrayList<>();
    for (TablePartition table : allTables) {
      WindowCloser closer = table.closer();
      if (closer != null) {
        closers.add(closer);
      }
    }
    if (closers.isEmpty()) {
      return null;
    }
    return beside
        ? Closings.beside(this, context, closers, allTables, waiting, lock)
        : Closings.between(this, closers, current, attempts, lock);
  }

  /// The offset of the next event, while it runs; everything before it is handled.
  public long position() {
    lock.lock();
    try {
      return open.nextOffset();
    } finally {
      lock.unlock();
    }
  }

  /// Whether its events are fetched; those of the leader's task are moments, which nobody fetches.
  public boolean isFetched() {
    return fetched;
  }

  /// Takes records in offset order.
  ///
  /// @param nextAfter the position behind them, beyond control records where there are some
  public void offer(List<ConsumerRecord<byte[], byte[]>> records, long nextAfter) {
    if (stage == Stage.RUNNING) {
      mailbox.add(records, nextAfter);
      wake();
    }
  }

  /// How many records wait in the mailbox.
  public int buffered() {
    return mailbox.events();
  }

  /// Whether its partition is to be held back.
  public boolean isFull() {
    return mailbox.isFull();
  }

  /// Whether its partition may go on.
  public boolean hasRoom() {
    return mailbox.hasRoom();
  }

  /// Starts an activation if there is work and none is under way.
  public void wake() {
    Lanes concurrent = lanes;
    if (concurrent != null) {
      concurrent.wake();
    }
    admitMore();
  }

  /// As [#wake], for events that wait in the mailbox.
  void admitMore() {
    if ((completion.isDue() || hasEvents() || mayClose())
        && mayGoOn()
        && active.compareAndSet(false, true)) {
      context.surroundings().handlers().execute(activation);
    }
  }

  private boolean hasEvents() {
    Lanes concurrent = lanes;
    return !mailbox.isEmpty() && (concurrent == null || concurrent.hasRoom());
  }

  private boolean mayClose() {
    Closings windows = closings;
    return windows != null && windows.areDue();
  }

  /// Starts no other event; the one at hand may end.
  public void drain() {
    lock.lock();
    try {
      if (stage == Stage.RUNNING) {
        stage = Stage.DRAINING;
      }
    } finally {
      lock.unlock();
    }
    signal();
  }

  private void signal() {
    monitor.signal();
    Lanes concurrent = lanes;
    if (concurrent != null) {
      concurrent.look();
    }
  }

  /// A handler of several has no event any more.
  void seatLeft() {
    monitor.signal();
    wake();
  }

  /// Ends this incarnation for good: what it staged is dropped.
  public void retire() {
    long dropped;
    lock.lock();
    try {
      if (stage != Stage.VOID) {
        context.cells().leave(allTables.size());
      }
      stage = Stage.VOID;
      mailbox.clear();
      dropped = open.drop();
      if (lanes != null) {
        lanes.retire();
      }
    } finally {
      lock.unlock();
    }
    current.end();
    attempts.abandon();
    Closings windows = closings;
    if (windows != null) {
      windows.end();
    }
    context.budget().release(dropped);
    signal();
  }

  public boolean isVoid() {
    return stage == Stage.VOID;
  }

  /// Waits until no handler runs.
  public boolean awaitQuiet(Duration bound) {
    return monitor.await(this::isQuiet, bound);
  }

  /// Whether no handler runs.
  public boolean isQuiet() {
    Lanes concurrent = lanes;
    return !active.get() && (concurrent == null || concurrent.isQuiet());
  }

  /// Hands over what is staged: whole events only. Null if there is nothing, or the incarnation is
  /// void.
  public @Nullable TaskEpoch seal() {
    lock.lock();
    try {
      Progress progress =
          stage == Stage.VOID || stage == Stage.RECOVERING ? null : sealedProgress();
      if (progress == null) {
        return null;
      }
      return open.seal(this, progress);
    } finally {
      lock.unlock();
    }
  }

  /// What has ended since the last seal; null for nothing.
  private @Nullable Progress sealedProgress() {
    if (lanes == null) {
      return open.progress();
    }
    Progress progress = lanes.seal();
    if (progress != null) {
      open.reached(progress.offset(), lanes.baseStreamTime());
    }
    return progress;
  }

  /// Refuses a change that is larger than may be sent.
  void requireSendable(String table, StagedChange change) {
    CurrentEvent.requireSendable(
        "table " + table,
        change.key().bytes(),
        change.value(),
        context.recordBytesMax(),
        id,
        change.lastOffset());
  }

  /// Notes what a table's values take, so that those that are not encoded yet can be charged.
  void measured(String table, long bytesOfAValue) {
    TablePartition partition = tables.get(table);
    if (partition != null) {
      partition.measured(bytesOfAValue);
    }
  }

  /// The store holds all changes of a sealed epoch.
  public void applied() {
    appliedEpochs.incrementAndGet();
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
      active.set(false);
      monitor.signal();
    }
    wake();
  }

  private void work() {
    completion.tell();
    Lanes concurrent = lanes;
    if (concurrent != null) {
      evictShared();
      closeDue();
      concurrent.admit(mailbox);
      return;
    }
    evict();
    if (!closeDue()) {
      return;
    }
    int left = ACTIVATION_EVENTS_MAX;
    while (left > 0 && mayGoOn()) {
      Mailbox.Batch batch = mailbox.peek();
      if (batch == null) {
        return;
      }
      int end = Math.min(batch.records().size(), inBatch + left);
      left -= Math.max(1, end - inBatch);
      while (inBatch < end) {
        if (!mayGoOn() || !handle(batch.records().get(inBatch))) {
          return;
        }
        inBatch++;
      }
      if (inBatch == batch.records().size()) {
        inBatch = 0;
        finish(batch);
      }
    }
  }

  /// Closes windows that are due.
  ///
  /// @return false if some are left for another activation, or another incarnation
  private boolean closeDue() {
    Closings windows = closings;
    return windows == null || windows.closeDue();
  }

  /// As [#closeDue], before an event that may have moved stream time: what it closes is closed when
  /// it begins, and so when its offset is committed.
  private boolean closeBefore() {
    Closings windows = closings;
    if (windows == null) {
      return true;
    }
    windows.look(streamTime);
    return windows.closeDue();
  }

  /// The stream time by which windows close: nobody who is not late by it is unfinished. On the
  /// activation, under the lock.
  long closingTime() {
    Lanes concurrent = lanes;
    return concurrent == null ? streamTime : concurrent.baseStreamTime();
  }

  /// Whether nothing more comes of what it has handled: windows have closed, and all that it staged
  /// is in the store. Not so while somebody is at it; never waits.
  public boolean isSettled() {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      return !mayClose() && open.isApplied(appliedEpochs.get());
    } finally {
      lock.unlock();
    }
  }

  /// A record at the time of its event. On the activation.
  ConsumerRecord<byte[], byte[]> timed(ConsumerRecord<byte[], byte[]> record) {
    return clock == null ? record : EventClock.timed(clock, record);
  }

  private void evict() {
    for (TablePartition table : allTables) {
      table.evict(appliedEpochs.get(), context.cells());
    }
  }

  private void evictShared() {
    lock.lock();
    try {
      evict();
    } finally {
      lock.unlock();
    }
  }

  /// Whether another event may be started. Asked without the lock: an end that comes a moment later
  /// is found when the event's effects are to join the epoch.
  boolean mayGoOn() {
    return stage == Stage.RUNNING && !context.budget().isExhausted();
  }

  private void finish(Mailbox.Batch batch) {
    Closings windows = closings;
    if (windows != null) {
      // what an event lets go of a join waits for no other event; told before its offset is
      // reached,
      // so that nobody takes the task for settled in between
      windows.look(streamTime);
    }
    lock.lock();
    try {
      if (stage == Stage.RUNNING) {
        open.reached(batch.nextOffset());
      }
    } finally {
      lock.unlock();
    }
    if (mailbox.remove(batch)) {
      context.room().run();
    }
  }

  /// @return false if the incarnation ended before the event was complete, or windows have yet to
  ///   close before it; what comes behind it must not be handled then, and the offset not move past
  ///   it
  private boolean handle(ConsumerRecord<byte[], byte[]> fetched) {
    ConsumerRecord<byte[], byte[]> record = timed(fetched);
    streamTime = Math.max(streamTime, record.timestamp());
    if (!closeBefore()) {
      return false;
    }
    current.enter(record, streamTime);
    try {
      return complete(record, attempts.of(record));
    } catch (Attempts.Abandoned _) {
      // the incarnation ended while the event waited for a retry; its successor handles it
      return false;
    } finally {
      current.leave();
    }
  }

  /// The event is done: its effects join the open epoch, all at once. Whatever can fail comes
  /// first, so that half an event is never found there.
  private boolean complete(ConsumerRecord<byte[], byte[]> record, @Nullable Output deadLetter) {
    open.expire(streamTime);
    long bytes;
    lock.lock();
    try {
      if (stage == Stage.VOID) {
        return false;
      }
      bytes = open.complete(record.offset(), streamTime, deadLetter, current.sent());
    } finally {
      lock.unlock();
    }
    if (bytes > 0) {
      context.budget().charge(bytes);
    }
    handled++;
    return true;
  }

  /// As [#complete], for an event that was handled beside others, or a batch. Under the lock.
  ///
  /// @param base stream time below which nothing is unfinished: by it windows are dropped
  /// @return the bytes added, roughly
  long join(List<Lanes.Admitted> events, Seat seat, List<Output> deadLetters, long base) {
    long bytes = open.add(deadLetters) + open.add(seat.sent());
    for (int i = 0; i < events.size(); i++) {
      Lanes.Admitted event = events.get(i);
      current.enter(event.source(), base);
      try {
        seat.join(event);
        // what expires goes with the last of a batch, and is looked for when all is written: a key
        // may just have come to life again. Where the very first event of all is unfinished, no
        // stream time is known yet
        if (i == events.size() - 1 && base != Long.MIN_VALUE) {
          open.expire(base);
        }
        bytes += open.stage(event.source().offset());
      } finally {
        current.leave();
      }
    }
    Closings windows = closings;
    if (windows != null) {
      windows.look(base);
    }
    return bytes;
  }

  /// A window has closed: what its handler has sent and changed joins the open epoch, and that it
  /// has closed, in one step. On the activation.
  ///
  /// @param effects of the handler
  /// @return false if the incarnation has ended
  boolean join(WindowCloser.Closing closing, CurrentEvent effects, @Nullable Output deadLetter) {
    long bytes;
    lock.lock();
    try {
      if (stage == Stage.VOID) {
        return false;
      }
      // the store may fail here, when nothing is staged yet
      closing.closer().close(closing);
      bytes = open.close(deadLetter, effects.sent());
      Lanes concurrent = lanes;
      if (concurrent == null) {
        // of the event that comes next: who has the table then must find nothing in time for it
        open.passed(streamTime);
      } else {
        concurrent.touched();
      }
    } finally {
      lock.unlock();
    }
    if (bytes > 0) {
      context.budget().charge(bytes);
    }
    return true;
  }

  @Override
  public String toString() {
    return "task " + id + " (" + token + ")";
  }
}
