package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.AppDescriptor;
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

  /// By key and window: tumbling, or hopping, where an event counts in each that holds it.
  ///
  /// @param size of a window
  /// @param step between the starts of two windows, the size for tumbling ones
  /// @param grace how long after its end a window still takes events
  /// @param retention how long after its end it is kept
  record ByWindow(Duration size, Duration step, Duration grace, Duration retention)
      implements Grouping {
    public ByWindow {
      if (step.toMillis() <= 0
          || size.compareTo(step) < 0
          || grace.isNegative()
          || retention.compareTo(grace) < 0) {
        throw new IllegalArgumentException(
            "window " + size + " by " + step + ", grace " + grace + ", retention " + retention);
      }
    }

    /// The windows of a table, as its descriptor says.
    public static ByWindow of(AppDescriptor.Span span) {
      return new ByWindow(span.size(), span.step(), span.grace(), span.retention());
    }

    /// Tumbling windows that take events for as long as they are kept.
    public ByWindow(Duration size, Duration retention) {
      this(size, size, retention, retention);
    }

    @Override
    public byte tag() {
      return ChangelogKey.WINDOWED;
    }

    /// The start of the last window that a timestamp lies in; windows are half-open and aligned to
    /// the epoch.
    public long windowStart(long timestamp) {
      return Math.floorDiv(timestamp, step.toMillis()) * step.toMillis();
    }

    /// The start of the first window that a timestamp lies in; none begins before the epoch.
    public long firstStart(long timestamp) {
      long before = Math.floorDiv(timestamp - size.toMillis(), step.toMillis());
      return Math.max(0, (before + 1) * step.toMillis());
    }

    /// Whether a window holds a timestamp.
    public boolean holds(long windowStart, long timestamp) {
      return windowStart <= timestamp && timestamp < windowStart + size.toMillis();
    }

    /// Whether a window takes no more events once stream time has come this far.
    public boolean closed(long windowStart, long streamTime) {
      return windowStart + size.toMillis() + grace.toMillis() <= streamTime;
    }

    /// Whether a window need not be kept any more once stream time has come this far.
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
