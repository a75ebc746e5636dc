package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Tally;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The sessions of a table. Folds a partition anew each time that it is asked, so that no more than
/// one is held at a time.
public final class SessionTruth implements WindowsOfTable {

  private final PartitionedLog source;
  private final Duration gap;
  private final Duration retention;

  /// @param gap what ends a session: so long without an event of its key
  /// @param retention how long after its end a session still takes events
  public SessionTruth(PartitionedLog source, Duration gap, Duration retention) {
    this.source = source;
    this.gap = gap;
    this.retention = retention;
  }

  /// How many partitions the source has.
  public int partitions() {
    return source.partitions();
  }

  /// All that there is to know of a partition's sessions; none where the source has no such
  /// partition.
  public SessionFold fold(int partition) {
    Iterator<LogRecord> records =
        partition < source.partitions() ? source.records(partition) : Collections.emptyIterator();
    return SessionFold.of(records, gap.toMillis(), retention.toMillis());
  }

  @Override
  public Map<KeyWindow, Tally> closed(int partition) {
    return fold(partition).closed();
  }

  @Override
  public Map<KeyWindow, Tally> open(int partition) {
    return fold(partition).open();
  }

  @Override
  public List<LateEvent> late(int partition) {
    return fold(partition).late();
  }

  /// One that grew is looked at where it stood before, so two that end close together may change
  /// places.
  @Override
  public boolean closeInOrder() {
    return false;
  }
}
