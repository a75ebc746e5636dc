package dev.gretchen.engine;

import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which events of two streams meet in a join ([App#join]): those of one key whose event times are
/// not too far apart; and how long one waits for them. Immutable: each method makes another.
///
///     JoinWindow.within(Duration.ofMinutes(5)).grace(Duration.ofSeconds(30))
///
/// All lengths are whole milliseconds of event time, and not negative.
public final class JoinWindow {

  private final Duration before;
  private final Duration after;
  private final Duration grace;
  private final @Nullable Duration idle;

  private JoinWindow(Duration before, Duration after, Duration grace, @Nullable Duration idle) {
    this.before = before;
    this.after = after;
    this.grace = grace;
    this.idle = idle;
  }

  /// A left and a right event meet where they are at most so far apart, this difference included.
  public static JoinWindow within(Duration difference) {
    return between(difference, difference);
  }

  /// A right event meets a left one where it happened at most so long before it, or at most so long
  /// after it, both included. With a `before` of zero it follows the left one, or comes with it.
  public static JoinWindow between(Duration before, Duration after) {
    return new JoinWindow(before, after, Duration.ZERO, null);
  }

  /// How far an event may be behind the highest event time of its own side. One that is further
  /// behind is late: it meets nobody. Zero, if this is not called: then each side is to come in the
  /// order of its event times.
  public JoinWindow grace(Duration length) {
    return new JoinWindow(before, after, length, idle);
  }

  /// Has a side be taken for idle that is so far behind the other, by event time: it is not waited
  /// for any longer, and what it brings from so long ago is late.
  ///
  /// Without this, one side waits for the other however long that takes, which is exact whatever
  /// the order in which the two come, also where one of them is read again from its beginning. The
  /// price: while one side brings nothing to a partition, what the other brings there is kept, and
  /// nobody is told to be alone. Call it where a side may be silent for long.
  ///
  /// @param behind more than the two sides are ever apart while both are alive
  public JoinWindow idleAfter(Duration behind) {
    return new JoinWindow(before, after, grace, behind);
  }

  /// As the engine knows it.
  ///
  /// @throws IllegalArgumentException for lengths that are none
  WindowSpec.Join spec(String join) {
    Duration behind = idle;
    try {
      return new WindowSpec.Join(
          millis("difference", before),
          millis("difference", after),
          millis("grace", grace),
          behind == null ? WindowSpec.Join.WAITS : millis("time of an idle side", behind));
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException("join " + join + ": " + unfit.getMessage(), unfit);
    }
  }

  private static long millis(String what, Duration length) {
    long millis = length.toMillis();
    if (!Duration.ofMillis(millis).equals(length)) {
      throw new IllegalArgumentException(
          "the " + what + " is in whole milliseconds, found " + length);
    }
    return millis;
  }
}
