package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Windows of one size, tumbling or hopping, by the tallies of their source.
public final class AlignedWindows implements WindowsOfTable {

  private final PartitionedLog source;
  private final TallyTruth truth;
  private final Grouping.ByWindow windows;

  /// @param truth the fold of the source by these windows
  public AlignedWindows(PartitionedLog source, TallyTruth truth, Grouping.ByWindow windows) {
    this.source = source;
    this.truth = truth;
    this.windows = windows;
  }

  @Override
  public Map<KeyWindow, Tally> closed(int partition) {
    return those(partition, true);
  }

  @Override
  public Map<KeyWindow, Tally> open(int partition) {
    return those(partition, false);
  }

  @Override
  public boolean closeInOrder() {
    return true;
  }

  private Map<KeyWindow, Tally> those(int partition, boolean closed) {
    Map<KeyWindow, Tally> found = new HashMap<>();
    if (partition >= source.partitions()) {
      return found;
    }
    long streamTime = truth.streamTime(partition);
    for (int slot = 0; slot < truth.groups().size(); slot++) {
      if (truth.partition(slot) == partition) {
        byte[] group = truth.groups().key(slot);
        long start = Grouping.windowStart(group, 0);
        if (windows.closed(start, streamTime) == closed) {
          byte[] key = Arrays.copyOfRange(group, Long.BYTES, group.length);
          found.put(KeyWindow.of(key, start, start + windows.size().toMillis()), truth.tally(slot));
        }
      }
    }
    return found;
  }

  @Override
  public List<LateEvent> late(int partition) {
    List<LateEvent> late = new ArrayList<>();
    if (partition >= source.partitions()) {
      return late;
    }
    SourceCursor cursor = new SourceCursor(source.records(partition), windows);
    long last = -1;
    while (cursor.hasNext()) {
      cursor.next();
      if (cursor.late()) {
        String start = Long.toString(cursor.windowStart());
        boolean again = cursor.record().offset() == last;
        late.add(
            new LateEvent(
                cursor.record(), again ? late.removeLast().windows() + "," + start : start));
        last = cursor.record().offset();
      }
    }
    return late;
  }
}
