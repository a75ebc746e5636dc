package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.internal.window.WindowSpec;
import org.jspecify.annotations.Nullable;

/// A table as the engine keeps it.
///
/// @param windows null for a plain table
/// @param closing what is done with a window that has closed, null for nothing
/// @param publishedTo the topic that gets each key's last value of a commit, null for none
public record TableSpec(
    String name,
    @Nullable WindowSpec windows,
    @Nullable WindowClosing closing,
    @Nullable String publishedTo) {

  /// @throws IllegalStateException for windows that are to be published
  public TableSpec {
    if (windows != null && publishedTo != null) {
      throw new IllegalStateException(
          "table "
              + name
              + ": the changes of a windowed table cannot be published, because a record would not"
              + " say which window it is of; send what is to be seen from the agent");
    }
    if (windows == null && closing != null) {
      throw new IllegalStateException("table " + name + " has no windows that could close");
    }
  }

  public static TableSpec plain(String name) {
    return new TableSpec(name, null, null, null);
  }

  /// A table of tumbling windows.
  public static TableSpec windowed(String name, long windowMillis, long retentionMillis) {
    return plain(name).with(WindowSpec.Aligned.tumbling(windowMillis, retentionMillis));
  }

  /// The same table with windows.
  public TableSpec with(WindowSpec chosen) {
    return new TableSpec(name, chosen, closing, publishedTo);
  }

  /// The same table, with something to do when a window closes.
  public TableSpec closing(WindowClosing chosen) {
    return new TableSpec(name, windows, chosen, publishedTo);
  }

  /// The same table, whose changes go to a topic as well.
  public TableSpec publishedTo(String topic) {
    return new TableSpec(name, windows, closing, topic);
  }

  public boolean isWindowed() {
    return windows != null;
  }

  /// Its windows where they have one size; null for a plain table or one of sessions.
  public WindowSpec.@Nullable Aligned aligned() {
    return windows instanceof WindowSpec.Aligned fixed ? fixed : null;
  }
}
