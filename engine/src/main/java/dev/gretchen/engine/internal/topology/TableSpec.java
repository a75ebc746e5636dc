package dev.gretchen.engine.internal.topology;

import org.jspecify.annotations.Nullable;

/// A table as the engine keeps it.
///
/// @param windowMillis size of its windows, 0 for a plain table
/// @param retentionMillis how long stream time may pass a window's end before the window is
///   dropped; for a plain table, a key's last write before the key is, 0 for never
/// @param publishedTo the topic that gets each key's last value of a commit, null for none
public record TableSpec(
    String name, long windowMillis, long retentionMillis, @Nullable String publishedTo) {

  /// @throws IllegalStateException for windows that are to be published
  public TableSpec {
    if (windowMillis > 0 && publishedTo != null) {
      throw new IllegalStateException(
          "table "
              + name
              + ": the changes of a windowed table cannot be published, because a record would not"
              + " say which window it is of; send what is to be seen from the agent");
    }
    if (windowMillis == 0 && retentionMillis > 0 && publishedTo != null) {
      throw new IllegalStateException(
          "table "
              + name
              + ": the changes of a table whose keys expire cannot be published, because each value is"
              + " kept with its time; send what is to be seen from the agent");
    }
  }

  /// A plain table whose keys are dropped when they were not written for so long.
  ///
  /// @throws IllegalStateException if its changes are published
  public static TableSpec expiring(TableSpec plain, long lifetimeMillis) {
    return new TableSpec(plain.name(), 0, lifetimeMillis, plain.publishedTo());
  }

  public static TableSpec plain(String name) {
    return new TableSpec(name, 0, 0, null);
  }

  public static TableSpec windowed(String name, long windowMillis, long retentionMillis) {
    return new TableSpec(name, windowMillis, retentionMillis, null);
  }

  /// The same table, whose changes go to a topic as well.
  public TableSpec publishedTo(String topic) {
    return new TableSpec(name, windowMillis, retentionMillis, topic);
  }

  public boolean isWindowed() {
    return windowMillis > 0;
  }

  /// Whether keys are dropped that were not written for long.
  public boolean isExpiring() {
    return windowMillis == 0 && retentionMillis > 0;
  }

  /// Whether stream time is kept with the data, because something hangs on it.
  public boolean keepsStreamTime() {
    return isWindowed() || isExpiring();
  }
}
