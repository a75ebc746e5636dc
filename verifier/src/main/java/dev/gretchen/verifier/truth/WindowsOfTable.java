package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.Tally;
import java.util.List;
import java.util.Map;

/// What the windows of a table must be when all of its source is done, by partition; a partition
/// that the source has not has none. Each call may read the source's log.
public interface WindowsOfTable {

  /// Those that have closed by the final stream time, with the tally that they closed with.
  Map<KeyWindow, Tally> closed(int partition);

  /// Those that have not.
  Map<KeyWindow, Tally> open(int partition);

  /// The events that came too late, in the order of the partition.
  List<LateEvent> late(int partition);

  /// Whether windows close in the order of their starts.
  boolean closeInOrder();

  /// An event that came too late.
  ///
  /// @param windows starts of the windows that it missed, comma-separated; of a session, its own
  ///   time
  record LateEvent(LogRecord event, String windows) {}
}
