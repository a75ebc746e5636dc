package dev.gretchen.engine.internal.topology;

/// A table as the engine keeps it.
///
/// @param windowMillis size of its windows, 0 for a plain table
/// @param retentionMillis how long stream time may pass a window's end before the window is dropped
public record TableSpec(String name, long windowMillis, long retentionMillis) {

  public static TableSpec plain(String name) {
    return new TableSpec(name, 0, 0);
  }

  public static TableSpec windowed(String name, long windowMillis, long retentionMillis) {
    return new TableSpec(name, windowMillis, retentionMillis);
  }

  public boolean isWindowed() {
    return windowMillis > 0;
  }
}
