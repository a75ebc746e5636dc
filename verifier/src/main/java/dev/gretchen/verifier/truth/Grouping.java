package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.ChangelogKey;
import java.nio.ByteBuffer;
import java.time.Duration;

/// By what a table counts the events of its source. A group's bytes are those of its changelog key
/// without the tag.
public sealed interface Grouping {

  /// By key alone.
  record ByKey() implements Grouping {
    @Override
    public byte tag() {
      return ChangelogKey.PLAIN;
    }
  }

  /// By key and tumbling window.
  ///
  /// @param size of a window
  /// @param retention how long after its end a window still takes events
  record ByWindow(Duration size, Duration retention) implements Grouping {
    public ByWindow {
      if (size.toMillis() <= 0 || retention.isNegative()) {
        throw new IllegalArgumentException("window " + size + ", retention " + retention);
      }
    }

    @Override
    public byte tag() {
      return ChangelogKey.WINDOWED;
    }

    /// The start of the window that a timestamp lies in; windows are half-open and aligned to the
    /// epoch.
    public long windowStart(long timestamp) {
      return Math.floorDiv(timestamp, size.toMillis()) * size.toMillis();
    }

    /// Whether a window takes no more events once stream time has come this far.
    public boolean expired(long windowStart, long streamTime) {
      return windowStart + size.toMillis() + retention.toMillis() <= streamTime;
    }
  }

  /// The tag byte of the group's changelog keys.
  byte tag();

  /// The window start that a group's bytes begin with.
  static long windowStart(byte[] group, int from) {
    return ByteBuffer.wrap(group).getLong(from);
  }
}
