package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Take;
import dev.gretchen.engine.internal.lane.Lineup;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.progress.ProgressTracker;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.LaneSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The events of a task that handles several at a time.
///
/// **Story.** The activation *admits* events in the order of their offsets: there and then it is
/// decided what is late, and what the predecessor has done already. An admitted event stands in its
/// lane. A [Seat] takes an event whose lane is free, runs its handlers, and when the last has
/// returned, the event's effects join the open epoch and the event is ended in the
/// [ProgressTracker], in one step under the lock. So whenever the committer seals, what it takes
/// along are the effects of exactly the events that the offset and its metadata call done.
///
/// **Batches.** Where agents take several events together, a seat takes events of all lanes that
/// are free, as many of each as stand there, and has these lanes until it is through: a batch is
/// one unit, and its events join the epoch in one step. One that is not complete waits for others
/// until an [Alarm] says that its first event has waited long enough. Events that come one after
/// another are batches of one lane.
///
/// **Bounds.** Seats: the agents' concurrency. Admitted and unfinished events: what the metadata of
/// the offset can name, and as many bytes as a mailbox may hold. Where one is reached, the mailbox
/// fills, and its partition is paused; the poll goes on.
///
/// **Ends.** A drained task starts no event. A retired one takes no effect any more; handlers that
/// go on are [dev.gretchen.engine.internal.lane.Stragglers].
///
/// Guarded by the task's lock, but for what says otherwise. No user code runs under it.
final class Lanes {

  /// Unfinished events, beside what fits the metadata.
  private static final int UNFINISHED_MAX = 2_500;

  /// Events after which a seat tells the meters.
  private static final int TOLD_EVERY = 256;

  /// The lane of events that are handled one after another.
  private static final ByteKey ONLY = new ByteKey(new byte[0]);

  private final Task task;
  private final TaskContext context;
  private final LaneSpec spec;
  private final List<TablePartition> tables;
  private final ReentrantLock lock;
  private final ProgressTracker tracker;
  private final Lineup<Admitted> lineup;
  private final Monitor pauses;
  private final Alarm incomplete;
  private final List<Seat> seats = new ArrayList<>();
  private final ArrayDeque<Seat> free = new ArrayDeque<>();
  private final Set<ByteKey> taken = new HashSet<>();
  private volatile boolean full; // written under the lock
  private final AtomicInteger busy = new AtomicInteger(); // changed under the lock
  private boolean changed;
  private boolean retired;
  private long bytes;
  private long untold;

  // confined to the activation
  private int inBatch;

  /// An event that stands in its lane, or has it.
  ///
  /// @param streamTime of the partition, this event included
  /// @param lane null for one of its own
  /// @param since when it was admitted, in nanoseconds; 0 where it waits for no others
  record Admitted(
      ConsumerRecord<byte[], byte[]> source, long streamTime, @Nullable ByteKey lane, long since) {

    long bytes() {
      return (long) Math.max(0, source.serializedKeySize())
          + Math.max(0, source.serializedValueSize());
    }
  }

  /// What came of an event, or of a batch.
  ///
  /// @param deadLetters of the events that have failed for good
  record End(Kind kind, List<Output> deadLetters) {

    enum Kind {
      DONE,
      /// Its successor is to do it.
      ABANDONED,
      /// A batch has failed for good, and its events are done one by one.
      APART
    }

    static End of(Kind kind) {
      return new End(kind, List.of());
    }
  }

  /// @param start what the predecessor has committed
  /// @param streamTime there
  Lanes(
      Task task,
      TaskContext context,
      List<TablePartition> tables,
      ReentrantLock lock,
      Progress start,
      long streamTime) {
    this.task = task;
    this.context = context;
    this.spec = context.topology().lanes(task.id().topic());
    this.tables = tables;
    this.lock = lock;
    this.tracker = new ProgressTracker(start, streamTime, UNFINISHED_MAX);
    this.lineup = context.parts().lineups().make();
    this.pauses = context.surroundings().monitor();
    this.incomplete = new Alarm(context.surroundings(), this::wake);
    context.stragglers().of(task.id().input(), this::released).forEach(lineup::hold);
  }

  /// Admits events while there is room. On the activation's thread, without the lock.
  void admit(Mailbox mailbox) {
    for (Mailbox.Batch batch = mailbox.peek(); batch != null; batch = mailbox.peek()) {
      List<ConsumerRecord<byte[], byte[]>> records = batch.records();
      for (; inBatch < records.size(); inBatch++) {
        ConsumerRecord<byte[], byte[]> record = task.timed(records.get(inBatch));
        if (!admit(record, laneOf(record))) {
          return;
        }
      }
      if (!reached(batch.nextOffset())) {
        return;
      }
      inBatch = 0;
      if (mailbox.remove(batch)) {
        context.room().run();
      }
    }
  }

  /// The lane of a record. One that cannot be named is a lane of its own: whoever handles the event
  /// finds out why, and what follows.
  private @Nullable ByteKey laneOf(ConsumerRecord<byte[], byte[]> record) {
    if (!spec.isConcurrent()) {
      return ONLY;
    }
    LaneSpec.LaneKey by = spec.by();
    try {
      byte[] key = by == null ? record.key() : by.of(record);
      return key == null ? null : new ByteKey(key);
    } catch (RuntimeException | StackOverflowError | AssertionError _) {
      return null;
    }
  }

  private boolean admit(ConsumerRecord<byte[], byte[]> record, @Nullable ByteKey lane) {
    lock.lock();
    try {
      if (task.stage() != Task.Stage.RUNNING) {
        return false;
      }
      if (!tracker.hasRoom(record.offset()) || bytes >= context.mailbox().bytesMax()) {
        full = true;
        seat(); // a batch is complete where no more may come
        return false;
      }
      if (tracker.start(record.offset(), record.timestamp())) {
        long since = spec.take() == null ? 0 : context.surroundings().nanoTime();
        Admitted event = new Admitted(record, tracker.streamTime(), lane, since);
        bytes += event.bytes();
        lineup.add(lane, event);
        seat();
      } else {
        changed = true;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean reached(long next) {
    lock.lock();
    try {
      if (task.stage() != Task.Stage.RUNNING) {
        return false;
      }
      tracker.reached(next);
      changed = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Has events begin for which there is a seat.
  void wake() {
    lock.lock();
    try {
      seat();
    } finally {
      lock.unlock();
    }
  }

  private void seat() {
    while (busy.get() < spec.concurrency()) {
      List<Admitted> events = next();
      if (events.isEmpty()) {
        return;
      }
      busy.incrementAndGet();
      Seat seat = free.poll();
      if (seat == null) {
        seat = new Seat(this, task, context, tables, lock, pauses);
        seats.add(seat);
      }
      seat.begin(events, !spec.isConcurrent());
    }
  }

  /// The event or the batch that may begin now, its lanes taken; empty if there is none.
  private List<Admitted> next() {
    Take take = spec.take();
    if (!task.mayGoOn() || !lineup.hasNext() || (take != null && !isComplete(take))) {
      return List.of();
    }
    if (take == null) {
      Admitted event = taken();
      return event == null ? List.of() : List.of(event);
    }
    List<Admitted> batch = new ArrayList<>();
    Admitted event = taken();
    while (event != null) {
      batch.add(event);
      if (batch.size() == take.events()) {
        break;
      }
      Admitted behind = lineup.nextOf(event.lane());
      event = behind == null ? taken() : behind;
    }
    batch.sort(Comparator.comparingLong(each -> each.source().offset()));
    return batch;
  }

  private @Nullable Admitted taken() {
    Admitted event = lineup.next();
    if (event != null && event.lane() != null) {
      taken.add(event.lane());
    }
    return event;
  }

  /// Whether a batch may begin: with as many events as it may have, or all that there may be for
  /// now, or when its first has waited long enough. Else it is looked at again by then.
  private boolean isComplete(Take take) {
    Admitted first = lineup.peek();
    if (full || first == null || lineup.ready() >= take.events()) {
      return true;
    }
    long until = first.since() + take.within().toNanos();
    if (context.surroundings().nanoTime() >= until) {
      return true;
    }
    incomplete.at(until);
    return false;
  }

  /// A seat is through with an event or a batch. Without the lock.
  ///
  /// @return what it takes next; empty where it is to be left, by [#left]
  List<Admitted> ended(Seat seat, List<Admitted> events, End end) {
    List<Admitted> next = List.of();
    long staged = 0;
    long toTell = 0;
    boolean straggles;
    lock.lock();
    try {
      straggles = retired;
      if (!straggles) {
        staged = joined(seat, events, end);
        for (Admitted event : events) {
          release(event.lane());
        }
        next = next();
      }
      if (next.isEmpty() || untold >= TOLD_EVERY) {
        toTell = untold;
        untold = 0;
      }
    } finally {
      lock.unlock();
    }
    if (staged > 0) {
      context.budget().charge(staged);
    }
    context.meters().handled(task.id().topic(), toTell);
    if (straggles) {
      abandoned(events);
    }
    return next;
  }

  /// Some events of a batch are done, which keeps its lanes. Without the lock.
  void done(Seat seat, List<Admitted> events, End end) {
    long staged;
    lock.lock();
    try {
      staged = retired ? 0 : joined(seat, events, end);
    } finally {
      lock.unlock();
    }
    if (staged > 0) {
      context.budget().charge(staged);
    }
  }

  private long joined(Seat seat, List<Admitted> events, End end) {
    if (end.kind() != End.Kind.DONE) {
      return 0;
    }
    for (Admitted event : events) {
      tracker.ended(event.source().offset());
      bytes -= event.bytes();
      untold++;
    }
    full = false;
    changed = true;
    return task.join(events, seat, end.deadLetters(), tracker.baseStreamTime());
  }

  /// A lane is free; told once for each of the events that had it, which does no harm.
  private void release(@Nullable ByteKey lane) {
    if (lane == null || taken.remove(lane)) {
      lineup.ended(lane);
    }
  }

  /// A seat is empty: nothing of its last event is in it any more, and another may take it. Only
  /// then, because whoever takes it runs at once, beside the thread that leaves. Without the lock.
  void left(Seat seat) {
    lock.lock();
    try {
      busy.decrementAndGet();
      free.push(seat);
      if (!retired) {
        seat();
      }
    } finally {
      lock.unlock();
    }
  }

  /// A seat has left its events, or broke under them, and this incarnation has ended: their lanes
  /// are free here. Without the lock.
  void abandoned(List<Admitted> events) {
    Set<ByteKey> lanes = new HashSet<>();
    for (Admitted event : events) {
      if (event.lane() != null && lanes.add(event.lane())) {
        context.stragglers().ended(task.id().input(), event.lane());
      }
    }
  }

  /// A handler of an earlier incarnation has let go of a lane.
  private void released(ByteKey lane) {
    lock.lock();
    try {
      if (!retired) {
        lineup.ended(lane);
        seat();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether more may be admitted. Any thread.
  boolean hasRoom() {
    return !full;
  }

  /// Whether no handler runs. Any thread.
  boolean isQuiet() {
    return busy.get() == 0;
  }

  /// Those who wait are to look whether they still may. Any thread.
  void look() {
    pauses.signal();
  }

  /// What may be committed now, null if that is as it was at the last call.
  @Nullable Progress seal() {
    if (!changed) {
      return null;
    }
    changed = false;
    return tracker.progress();
  }

  /// Something else than an event is to be committed.
  void touched() {
    changed = true;
  }

  long baseStreamTime() {
    return tracker.baseStreamTime();
  }

  /// Nothing counts any more.
  void retire() {
    if (!retired) {
      retired = true;
      lineup.clear();
      seats.forEach(Seat::retire);
      context.stragglers().left(task.id().input(), taken);
    }
  }
}
