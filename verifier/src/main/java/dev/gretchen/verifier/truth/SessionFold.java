package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.truth.WindowsOfTable.LateEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The sessions of one partition of a source, folded in the order of its log.
///
/// An event stands for the stretch `[time, time + gap)`. It is united with all sessions of its key
/// that overlap it and have not closed; where there is none, it is a session of its own, or late
/// where that would have closed already. A session closes when stream time, the highest timestamp
/// so far, reaches its end plus the retention. Open sessions of a key never overlap; one that
/// begins later may overlap one that has closed, but never ends with it, so a session is known by
/// its key, start and end.
///
/// Memory is a state for each event of the partition.
public final class SessionFold {

  private final long gap;
  private final long retention;
  private final Map<ByteBuffer, List<SessionValue>> sessions = new HashMap<>();
  private final Map<ByteBuffer, Map<SessionValue, Integer>> histories = new HashMap<>();
  private final Map<KeyWindow, Tally> closed = new HashMap<>();
  private final List<LateEvent> late = new ArrayList<>();
  private long streamTime = Long.MIN_VALUE;

  private SessionFold(long gap, long retention) {
    this.gap = gap;
    this.retention = retention;
  }

  /// Folds a partition.
  ///
  /// @param gap milliseconds
  /// @param retention milliseconds
  public static SessionFold of(Iterator<LogRecord> records, long gap, long retention) {
    SessionFold fold = new SessionFold(gap, retention);
    while (records.hasNext()) {
      fold.take(records.next());
    }
    fold.sessions.forEach(fold::close);
    return fold;
  }

  private void take(LogRecord record) {
    streamTime = Math.max(streamTime, record.timestamp());
    byte[] bytes = record.key();
    if (!record.hasId() || bytes == null) {
      return;
    }
    ByteBuffer key = ByteBuffer.wrap(bytes);
    List<SessionValue> known = sessions.computeIfAbsent(key, _ -> new ArrayList<>());
    close(key, known);
    long time = record.timestamp();
    SessionValue grown = new SessionValue(time, time + gap, Tally.NONE.plus(record.id()));
    boolean alone = true;
    for (Iterator<SessionValue> each = known.iterator(); each.hasNext(); ) {
      SessionValue session = each.next();
      if (session.start() < time + gap && time < session.end()) {
        grown = united(grown, session);
        each.remove();
        alone = false;
      }
    }
    if (alone && isClosed(grown)) {
      late.add(new LateEvent(record, Long.toString(time)));
      return;
    }
    known.add(grown);
    Map<SessionValue, Integer> history = histories.computeIfAbsent(key, _ -> new HashMap<>());
    history.put(grown, history.size());
  }

  private static SessionValue united(SessionValue a, SessionValue b) {
    return new SessionValue(
        Math.min(a.start(), b.start()), Math.max(a.end(), b.end()), a.tally().and(b.tally()));
  }

  private boolean isClosed(SessionValue session) {
    return session.end() + retention <= streamTime;
  }

  private void close(ByteBuffer key, List<SessionValue> known) {
    known.removeIf(session -> {
      boolean over = isClosed(session);
      if (over) {
        closed.put(new KeyWindow(key, session.start(), session.end()), session.tally());
      }
      return over;
    });
  }

  /// Every state that a session of a key ever had, with its place in the order of the events; empty
  /// where the key has none.
  public Map<SessionValue, Integer> history(byte[] key) {
    return histories.getOrDefault(ByteBuffer.wrap(key), Map.of());
  }

  /// Those that have closed by the final stream time.
  public Map<KeyWindow, Tally> closed() {
    return Collections.unmodifiableMap(closed);
  }

  /// Those that have not.
  public Map<KeyWindow, Tally> open() {
    Map<KeyWindow, Tally> open = new HashMap<>();
    sessions.forEach((key, known) ->
        known.forEach(session ->
            open.put(new KeyWindow(key, session.start(), session.end()), session.tally())));
    return open;
  }

  /// The events that came too late, in their order.
  public List<LateEvent> late() {
    return Collections.unmodifiableList(late);
  }
}
