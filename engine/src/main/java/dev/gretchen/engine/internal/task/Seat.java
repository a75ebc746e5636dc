package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One of the handlers that a concurrent task runs at a time: it takes event after event, each with
/// the effects of its own, and is left when no lane has one for it.
///
/// Confined to its thread of the moment, but for [#begin], which gives it one, and [#retire].
final class Seat {

  private final Lanes lanes;
  private final Task task;
  private final TaskContext context;
  private final CurrentEvent current;
  private final Attempts attempts;
  private final List<LaneTable> tables = new ArrayList<>();
  private final Runnable activation;
  private Lanes.@Nullable Admitted first;
  private boolean wholePartition;

  Seat(
      Lanes lanes,
      Task task,
      TaskContext context,
      List<TablePartition> partitions,
      ReentrantLock lock,
      Monitor pauses) {
    this.lanes = lanes;
    this.task = task;
    this.context = context;
    Waiting waiting = new Waiting(context.surroundings(), pauses);
    this.current = new CurrentEvent(context.recordBytesMax(), context.meters()::late, waiting);
    this.attempts = new Attempts(task, context, current, waiting);
    for (TablePartition partition : partitions) {
      LaneTable table = new LaneTable(partition, current, lock);
      tables.add(table);
      current.add(partition.spec().name(), table);
    }
    this.activation = current.inScope(this::run);
  }

  /// Takes an event, on a handler thread.
  ///
  /// @param ofWholePartition whether no other event of the partition is handled meanwhile
  void begin(Lanes.Admitted event, boolean ofWholePartition) {
    first = event;
    wholePartition = ofWholePartition;
    context.surroundings().handlers().execute(activation);
  }

  private void run() {
    Lanes.Admitted event = first;
    try {
      while (event != null) {
        event = handle(event);
      }
    } catch (Throwable bug) {
      // nobody knows what state the event at hand is in: nothing of this incarnation counts
      task.retire();
      lanes.abandoned(event);
      context.fatal().accept(bug);
    } finally {
      lanes.left(this);
      task.seatLeft();
    }
  }

  private Lanes.@Nullable Admitted handle(Lanes.Admitted event) {
    tables.forEach(table -> table.enter(event.lane(), wholePartition));
    current.enter(event.source(), event.streamTime());
    try {
      Lanes.Admitted next = lanes.ended(this, event, attempt(event));
      task.admitMore();
      return next;
    } finally {
      current.leave();
    }
  }

  private Lanes.End attempt(Lanes.Admitted event) {
    if (task.stage() != Task.Stage.RUNNING) {
      return Lanes.End.ABANDONED;
    }
    TaskContext.Refusal refusal =
        context.poisoned().refusal(task.id().input(), event.source().offset());
    try {
      return new Lanes.End(
          true,
          refusal == null
              ? attempts.of(event.source())
              : attempts.refused(event.source(), refusal));
    } catch (Attempts.Abandoned _) {
      return Lanes.End.ABANDONED;
    }
  }

  /// What the event at hand has sent.
  List<Output> sent() {
    return current.sent();
  }

  /// What the event at hand has written goes to the partitions. Under the task's lock.
  void join() {
    tables.forEach(LaneTable::join);
  }

  /// The task has ended, maybe under a handler that goes on. Any thread.
  void retire() {
    current.end();
  }
}
