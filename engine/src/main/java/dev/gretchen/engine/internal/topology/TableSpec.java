package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.internal.window.WindowSpec;
import org.jspecify.annotations.Nullable;

/// A table as the engine keeps it.
///
/// @param windows null for a plain table
/// @param lifetimeMillis of a plain table's key: how long stream time may pass its last write
///   before it is dropped; 0 for ever
/// @param closing what is done with a window that has closed, null for nothing
/// @param publishedTo the topic that gets each key's last value of a commit, null for none
public record TableSpec(
    String name,
    @Nullable WindowSpec windows,
    long lifetimeMillis,
    @Nullable WindowClosing closing,
    @Nullable String publishedTo) {

  /// @throws IllegalStateException for what does not go together
  public TableSpec {
    if (windows != null && publishedTo != null) {
      throw new IllegalStateException(
          "table "
              + name
              + ": the changes of a windowed table cannot be published, because a record would not"
              + " say which window it is of; send what is to be seen from the agent");
    }
    if (lifetimeMillis > 0 && publishedTo != null) {
      throw new IllegalStateException(
          "table "
              + name
              + ": the changes of a table whose keys expire cannot be published, because each value is"
              + " kept with its time; send what is to be seen from the agent");
    }
    if (windows != null && lifetimeMillis > 0) {
      throw new IllegalStateException(
          "table " + name + " has windows, which expire by their retention, and its keys do not");
    }
    if (windows == null && closing != null) {
      throw new IllegalStateException("table " + name + " has no windows that could close");
    }
  }

  public static TableSpec plain(String name) {
    return new TableSpec(name, null, 0, null, null);
  }

  /// A table of tumbling windows.
  public static TableSpec windowed(String name, long windowMillis, long retentionMillis) {
    return plain(name).with(WindowSpec.Aligned.tumbling(windowMillis, retentionMillis));
  }

  /// The same table with windows.
  public TableSpec with(WindowSpec chosen) {
    return new TableSpec(name, chosen, lifetimeMillis, closing, publishedTo);
  }

  /// The same table, whose keys are dropped when they were not written for so long.
  ///
  /// @throws IllegalStateException if its changes are published, or it has windows
  public TableSpec expiring(long chosen) {
    return new TableSpec(name, windows, chosen, closing, publishedTo);
  }

  /// The same table, with something to do when a window closes.
  public TableSpec closing(WindowClosing chosen) {
    return new TableSpec(name, windows, lifetimeMillis, chosen, publishedTo);
  }

  /// The same table, whose changes go to a topic as well.
  public TableSpec publishedTo(String topic) {
    return new TableSpec(name, windows, lifetimeMillis, closing, topic);
  }

  public boolean isWindowed() {
    return windows != null;
  }

  /// Its windows where they have one size; null for a plain table or one of sessions.
  public WindowSpec.@Nullable Aligned aligned() {
    return windows instanceof WindowSpec.Aligned fixed ? fixed : null;
  }

  /// Whether keys are dropped that were not written for long.
  public boolean isExpiring() {
    return lifetimeMillis > 0;
  }

  /// Whether stream time is kept with the data, because something hangs on it.
  public boolean keepsStreamTime() {
    return isWindowed() || isExpiring();
  }
}
