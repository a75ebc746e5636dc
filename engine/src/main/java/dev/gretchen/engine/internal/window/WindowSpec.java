package dev.gretchen.engine.internal.window;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.join.SideTimes;

/// What the windows of a table are. All times are epoch milliseconds, all ranges half-open.
///
/// A window *closes* when stream time reaches its end plus the grace: from then on nothing changes
/// it. It is *dropped* when stream time reaches its end plus the retention, which is never before.
public sealed interface WindowSpec {

  /// Windows of one size that begin at the multiples of a step: tumbling where the two are equal,
  /// else hopping. None begins before 1970.
  ///
  /// @param stepMillis at most the size, so that each moment has a window
  record Aligned(long sizeMillis, long stepMillis, long graceMillis, long retentionMillis)
      implements WindowSpec {

    public Aligned {
      if (stepMillis < 1 || sizeMillis < stepMillis) {
        throw new IllegalArgumentException(
            "a window's size is at least 1 ms, and its step at least 1 ms and at most the size, found "
                + sizeMillis
                + " and "
                + stepMillis);
      }
      if (graceMillis < 0 || retentionMillis < graceMillis) {
        throw new IllegalArgumentException(
            "a window's grace and retention are not negative, and the retention not below the grace, found "
                + graceMillis
                + " and "
                + retentionMillis);
      }
    }

    public static Aligned tumbling(long sizeMillis, long retentionMillis) {
      return new Aligned(sizeMillis, sizeMillis, retentionMillis, retentionMillis);
    }

    /// The start of the first window that holds a moment.
    public long firstStart(long moment) {
      return Math.max(0, (Math.floorDiv(moment - sizeMillis, stepMillis) + 1) * stepMillis);
    }

    /// The start of the last window that holds a moment.
    public long lastStart(long moment) {
      return Math.floorDiv(moment, stepMillis) * stepMillis;
    }

    public boolean isClosed(long start, long streamTime) {
      return start <= lastClosed(streamTime);
    }

    /// Windows that begin then or earlier are closed.
    public long lastClosed(long streamTime) {
      return streamTime - sizeMillis - graceMillis;
    }

    /// Windows that begin then or earlier are dropped.
    public long lastDropped(long streamTime) {
      return streamTime - sizeMillis - retentionMillis;
    }

    /// The next stream time at which a window closes.
    public long nextClose(long streamTime) {
      return nextStart(lastClosed(streamTime)) + sizeMillis + graceMillis;
    }

    /// The next stream time at which a window is dropped.
    public long nextDrop(long streamTime) {
      return nextStart(lastDropped(streamTime)) + sizeMillis + retentionMillis;
    }

    private long nextStart(long after) {
      return (Math.floorDiv(after, stepMillis) + 1) * stepMillis;
    }

    /// Whether windows are kept for a while after they have closed.
    public boolean outlivesItsClose() {
      return retentionMillis > graceMillis;
    }
  }

  /// Windows that events make: each stands for the gap that begins with it, and those that overlap
  /// are one. So a session ends a gap after its last event, and an event that comes a gap after
  /// another is not in its session. A session closes and is dropped at once.
  record Sessions(long gapMillis, long retentionMillis) implements WindowSpec {

    public Sessions {
      if (gapMillis < 1 || retentionMillis < 0) {
        throw new IllegalArgumentException(
            "the gap between sessions is at least 1 ms, and their retention not negative, found "
                + gapMillis
                + " and "
                + retentionMillis);
      }
    }

    public boolean isClosed(long end, long streamTime) {
      return closesAt(end) <= streamTime;
    }

    /// The stream time at which a session closes.
    public long closesAt(long end) {
      return end + retentionMillis;
    }

    /// Whether a session and what an event at a moment stands for are one.
    public boolean joins(long start, long end, long moment) {
      return start < moment + gapMillis && moment < end;
    }
  }

  /// Of a join: each event has a stretch of its own, in which those of the other side meet it. A
  /// right one meets a left one where it is at most so much before it, or so much after it, both
  /// included.
  ///
  /// **Each side has its time**, the highest of its events so far, and what it brings is late by
  /// that alone: so it does not matter how the two come to be in one order, as long as each keeps
  /// its own. An event is *done* when the other side's time has passed all that it could meet by
  /// the grace: what would meet it is late. So nothing that meets it comes after that, and an event
  /// that has met nobody is alone for good.
  ///
  /// **Idle.** A side that brings nothing would hold up the other for ever. Where it is more than
  /// so much behind the other, its time is taken to be that much behind.
  ///
  /// @param idleMillis [#WAITS] where one waits for a side however long it takes
  record Join(long beforeMillis, long afterMillis, long graceMillis, long idleMillis)
      implements WindowSpec {

    /// No side is ever taken to be idle.
    public static final long WAITS = Long.MAX_VALUE;

    public Join {
      if (beforeMillis < 0 || afterMillis < 0 || graceMillis < 0 || idleMillis < 0) {
        throw new IllegalArgumentException(
            "what lies between events that meet, the grace, and what makes a side idle are not negative, found "
                + beforeMillis
                + " before and "
                + afterMillis
                + " after, "
                + graceMillis
                + " and "
                + idleMillis
                + " ms");
      }
    }

    /// The time of a side; [SideTimes#NONE] where nothing says one.
    public long time(Side side, SideTimes times) {
      long own = times.of(side);
      long other = times.of(side.other());
      return idleMillis == WAITS || other == SideTimes.NONE
          ? own
          : Math.max(own, other - idleMillis);
    }

    /// Whether an event of a side comes too late, by times that have it already.
    public boolean isLate(Side side, long moment, SideTimes times) {
      return moment < time(side, times) - graceMillis;
    }

    /// The first moment of the other side that an event of a side meets.
    public long firstMet(Side side, long moment) {
      return Math.max(0, moment - (side == Side.LEFT ? beforeMillis : afterMillis));
    }

    /// The last moment of the other side that an event of a side meets.
    public long lastMet(Side side, long moment) {
      return moment + reach(side);
    }

    /// The last moment of a side whose events are done; [SideTimes#NONE] where none is.
    public long lastDone(Side side, SideTimes times) {
      long other = time(side.other(), times);
      return other == SideTimes.NONE ? SideTimes.NONE : other - graceMillis - reach(side) - 1;
    }

    private long reach(Side side) {
      return side == Side.LEFT ? afterMillis : beforeMillis;
    }
  }
}
