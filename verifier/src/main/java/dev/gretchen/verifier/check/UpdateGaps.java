package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// The updates that were skipped and may still come. Holds the first [#OPEN_MAX]; those beyond are
/// lost at once, and reported as `doubled` too should they come late.
final class UpdateGaps {

  /// How many gaps are held open; each keeps the record behind it.
  static final int OPEN_MAX = 100_000;

  private record Place(int slot, long count) {}

  /// A skipped update.
  ///
  /// @param id of the event that it was for
  /// @param seenBy the record that skipped it
  record Gap(int slot, long id, LogRecord seenBy) {}

  private final Map<Place, Gap> open = new LinkedHashMap<>();

  /// Notes a skipped update; false where there is no room to wait for it.
  boolean open(int slot, long count, long id, LogRecord seenBy) {
    if (open.size() >= OPEN_MAX) {
      return false;
    }
    open.put(new Place(slot, count), new Gap(slot, id, seenBy));
    return true;
  }

  /// Whether the update of that count was skipped before; it is forgotten.
  boolean close(int slot, long count) {
    return open.remove(new Place(slot, count)) != null;
  }

  void forEachOpen(Consumer<Gap> action) {
    open.values().forEach(action);
  }
}
