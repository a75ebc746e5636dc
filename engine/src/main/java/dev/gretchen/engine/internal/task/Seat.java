package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// One of the handlers that a concurrent task runs at a time: it takes event after event, or batch
/// after batch, each with the effects of its own, and is left when no lane has one for it.
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
  private List<Lanes.Admitted> first = List.of();
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
    this.current = new CurrentEvent(context, waiting);
    this.attempts = new Attempts(task, context, current, waiting, true);
    for (TablePartition partition : partitions) {
      LaneTable table = new LaneTable(partition, current, lock);
      tables.add(table);
      current.add(partition.spec().name(), table);
    }
    this.activation = current.inScope(this::run);
  }

  /// Takes an event or a batch, on a handler thread.
  ///
  /// @param ofWholePartition whether no other event of the partition is handled meanwhile
  void begin(List<Lanes.Admitted> events, boolean ofWholePartition) {
    first = events;
    wholePartition = ofWholePartition;
    context.surroundings().handlers().execute(activation);
  }

  private void run() {
    List<Lanes.Admitted> events = first;
    try {
      while (!events.isEmpty()) {
        events = handle(events);
      }
    } catch (Throwable bug) {
      // nobody knows what state the event at hand is in: nothing of this incarnation counts
      task.retire();
      lanes.abandoned(events);
      context.fatal().accept(bug);
    } finally {
      first = List.of();
      lanes.left(this);
      task.seatLeft();
    }
  }

  private List<Lanes.Admitted> handle(List<Lanes.Admitted> events) {
    enter(events);
    try {
      Lanes.End end = attempt(events);
      if (end.kind() == Lanes.End.Kind.APART) {
        apart(events);
      }
      List<Lanes.Admitted> next = lanes.ended(this, events, end);
      task.admitMore();
      return next;
    } finally {
      current.leave();
    }
  }

  /// A batch has failed for good: its events one by one, in their lanes still.
  private void apart(List<Lanes.Admitted> events) {
    int apart = context.parts().failedBatch().apart(events.size());
    for (Lanes.Admitted event : events.subList(0, apart)) {
      List<Lanes.Admitted> alone = List.of(event);
      current.leave();
      enter(alone);
      Lanes.End end = attempt(alone);
      if (end.kind() != Lanes.End.Kind.DONE) {
        return;
      }
      lanes.done(this, alone, end);
    }
    if (apart < events.size()) {
      current.leave();
      lanes.done(this, events.subList(apart, events.size()), Lanes.End.of(Lanes.End.Kind.DONE));
    }
  }

  private void enter(List<Lanes.Admitted> events) {
    tables.forEach(table -> table.enter(events, wholePartition));
    current.enter(events);
  }

  private Lanes.End attempt(List<Lanes.Admitted> events) {
    if (task.stage() != Task.Stage.RUNNING) {
      return Lanes.End.of(Lanes.End.Kind.ABANDONED);
    }
    try {
      List<Output> letters = attempts.of(events.stream().map(Lanes.Admitted::source).toList());
      return letters == null
          ? Lanes.End.of(Lanes.End.Kind.APART)
          : new Lanes.End(Lanes.End.Kind.DONE, letters);
    } catch (Attempts.Abandoned _) {
      return Lanes.End.of(Lanes.End.Kind.ABANDONED);
    }
  }

  /// What the event at hand has sent.
  List<Output> sent() {
    return current.sent();
  }

  /// What an event at hand has written goes to the partitions. Under the task's lock.
  void join(Lanes.Admitted event) {
    tables.forEach(table -> table.join(event));
  }

  /// The task has ended, maybe under a handler that goes on. Any thread.
  void retire() {
    current.end();
    attempts.abandon();
  }
}
