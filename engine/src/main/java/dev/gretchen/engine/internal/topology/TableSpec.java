package dev.gretchen.engine.internal.topology;

import org.jspecify.annotations.Nullable;

/// A table as the engine keeps it.
///
/// @param windowMillis size of its windows, 0 for a plain table
/// @param retentionMillis how long stream time may pass a window's end before the window is dropped
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
}
