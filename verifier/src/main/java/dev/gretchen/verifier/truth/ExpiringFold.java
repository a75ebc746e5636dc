package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TimedTally;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The tallies of one partition of a source in a table whose keys expire, in the order of its log.
///
/// A key *lives* from an event on until stream time, the highest timestamp so far, has passed its
/// last event by the lifetime: exactly then it has no value any more, and the next event begins a
/// new life with an empty tally. A value is written at the stream time of its event.
///
/// Memory is a state for each event of the partition.
public final class ExpiringFold {

  private final long lifetime;
  private final Map<ByteBuffer, Life> keys = new HashMap<>();
  private long streamTime = Long.MIN_VALUE;

  /// What became of a key.
  public static final class Life {
    private final List<TimedTally> states = new ArrayList<>();
    private final Map<TimedTally, Integer> places = new HashMap<>();
    private final List<Integer> ends = new ArrayList<>();

    private void add(TimedTally state, boolean anew) {
      if (anew && !states.isEmpty()) {
        ends.add(states.size() - 1);
      }
      places.put(state, states.size());
      states.add(state);
    }

    /// How many events it had.
    public int size() {
      return states.size();
    }

    /// Its value after its n-th event, from 0 on.
    public TimedTally state(int event) {
      return states.get(event);
    }

    /// After which of its events it had a value, -1 for none.
    public int find(TimedTally value) {
      return places.getOrDefault(value, -1);
    }

    /// The last event of the life that an event is of.
    public int lastOfLife(int event) {
      int found = Collections.binarySearch(ends, event);
      int place = found < 0 ? -found - 1 : found;
      return place < ends.size() ? ends.get(place) : states.size() - 1;
    }

    /// Whether a tally is one that goes on over the end of a life. Looks at each event and, behind
    /// it, at each life before: for what is put into words, not for each record of a log.
    public boolean isOfSeveralLives(Tally tally) {
      for (int i = 0; i < states.size(); i++) {
        Tally sum = states.get(i).tally();
        for (int end : ends.reversed()) {
          if (end < i) {
            sum = sum.and(states.get(end).tally());
            if (sum.equals(tally)) {
              return true;
            }
          }
        }
      }
      return false;
    }
  }

  private ExpiringFold(long lifetime) {
    this.lifetime = lifetime;
  }

  /// Folds a partition.
  ///
  /// @param lifetime milliseconds
  public static ExpiringFold of(Iterator<LogRecord> records, long lifetime) {
    ExpiringFold fold = new ExpiringFold(lifetime);
    while (records.hasNext()) {
      fold.take(records.next());
    }
    return fold;
  }

  private void take(LogRecord record) {
    streamTime = Math.max(streamTime, record.timestamp());
    byte[] key = record.key();
    if (!record.hasId() || key == null) {
      return;
    }
    Life life = keys.computeIfAbsent(ByteBuffer.wrap(key), _ -> new Life());
    TimedTally last = life.states.isEmpty() ? null : life.states.getLast();
    boolean anew = last == null || last.at() + lifetime <= streamTime;
    Tally before = anew || last == null ? Tally.NONE : last.tally();
    life.add(new TimedTally(streamTime, before.plus(record.id())), anew);
  }

  /// What became of each key.
  public Map<ByteBuffer, Life> keys() {
    return keys;
  }

  /// Whether a value is none any more by the final stream time.
  public boolean isOver(TimedTally value) {
    return hasPassedSince(value.at());
  }

  /// Whether a lifetime has passed from a moment to the final stream time.
  public boolean hasPassedSince(long moment) {
    return moment + lifetime <= streamTime;
  }
}
