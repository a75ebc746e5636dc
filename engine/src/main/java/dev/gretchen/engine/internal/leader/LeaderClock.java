package dev.gretchen.engine.internal.leader;

import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fires the timers of an app, on the one worker that leads.
///
/// **Who leads** is whoever the group has given the one partition of the leader topic. Nothing is
/// ever written to that topic. Its committed offset is the millisecond before which every timer has
/// fired, and a firing is an event like any other: the task of that partition is offered a record
/// whose offset is the moment, its agents are the timers, and each acts if the moment is one of its
/// own. So the effects of a firing and the offset behind it are in one transaction under the
/// group's metadata. A leader that was deposed, and does not know it, has its transaction refused,
/// with all effects; its successor begins at the offset, which says exactly which moments are still
/// to come. Two leaders can run the same handler, and only one of them is seen.
///
/// **Each moment once, in order.** A moment that passed while nobody led is made up for, unless it
/// is older than [#MADE_UP_FOR]: those are passed over, with a line in the log. What a moment is
/// depends on clocks: a leader whose clock is behind that of its predecessor waits until it has
/// caught up, so a clock that is far ahead silences the timers for as long once another worker
/// leads.
///
/// **The first leader** commits the time at which it began, so that no moment after it can be lost.
public final class LeaderClock implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(LeaderClock.class);

  /// How old a moment that was missed may be.
  static final Duration MADE_UP_FOR = Duration.ofHours(1);

  /// How soon a new leader, or a new incarnation of its task, is noticed.
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /// Moments that are handed over together when several were missed.
  private static final int TOGETHER_MAX = 100;

  private final TaskId seat;
  private final Moments moments;
  private final TaskTable tasks;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private volatile boolean stopping;

  // confined to the clock's thread
  private @Nullable Task leading;
  private long from;

  /// @param topology of an app that has timers
  public LeaderClock(Topology topology, TaskTable tasks, Surroundings surroundings) {
    this.seat = topology.leaderSeat();
    this.moments = new Moments(topology.timers());
    this.tasks = tasks;
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (stopping) {
      return false;
    }
    Task task = tasks.get(seat);
    if (task == null || task.stage() != Task.Stage.RUNNING) {
      leading = null;
      monitor.await(() -> stopping, LOOK_EVERY);
      return true;
    }
    long now = surroundings.clock().millis();
    if (task != leading) {
      leading = task;
      begin(task, now);
    } else if (task.buffered() == 0) {
      offer(task, moments.between(from, now, TOGETHER_MAX));
    }
    long untilNext = Math.max(1, moments.next(from) - now);
    monitor.await(() -> stopping, Duration.ofMillis(Math.min(untilNext, LOOK_EVERY.toMillis())));
    return true;
  }

  private void begin(Task task, long now) {
    from = task.position();
    if (from == 0) {
      offer(task, List.of(now));
    } else if (from < now - MADE_UP_FOR.toMillis()) {
      LOG.atWarn()
          .addKeyValue("from", from)
          .addKeyValue("to", now - MADE_UP_FOR.toMillis())
          .log("timers were silent for too long, what they missed before is passed over");
      from = now - MADE_UP_FOR.toMillis();
    }
  }

  private void offer(Task task, List<Long> due) {
    if (due.isEmpty()) {
      return;
    }
    from = due.getLast() + 1;
    task.offer(due.stream().map(this::record).toList(), from);
  }

  private ConsumerRecord<byte[], byte[]> record(long moment) {
    return new ConsumerRecord<>(
        seat.topic(),
        seat.partition(),
        moment,
        moment,
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        null,
        null,
        new RecordHeaders(),
        Optional.empty());
  }
}
