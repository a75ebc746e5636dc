package dev.gretchen.engine.internal.observe;

import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Lets a test pause or halt the process at a [Failpoint]. Off unless switched on: then a hit costs
/// one look at a final field.
public final class Failpoints {

  /// What an armed failpoint does.
  public enum Action {
    PAUSE,
    HALT,
    OFF
  }

  /// How one stands, for whoever asks.
  public record View(String name, long hits, String armed, boolean paused) {}

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int HALTED = 137;

  private final boolean enabled;
  private final Monitor monitor;
  private final IntConsumer halt;
  private final Map<Failpoint, Point> points = new EnumMap<>(Failpoint.class);

  private static final class Point {
    long hits;
    Action action = Action.OFF;
    long after;
    boolean paused;
  }

  /// @param setting empty for off, `on`, or a comma-separated list to start with some armed:
  ///   `recovery.midway=pause` at the first hit, `commit.after-end=halt@3` at the third
  /// @param halt ends the process with a status
  /// @throws IllegalArgumentException naming what is not understood and what would be
  public Failpoints(String setting, Monitor monitor, IntConsumer halt) {
    this.enabled = !setting.isBlank();
    this.monitor = monitor;
    this.halt = halt;
    for (Failpoint failpoint : Failpoint.values()) {
      points.put(failpoint, new Point());
    }
    if (enabled && !setting.equals("on")) {
      for (String item : setting.split(",")) {
        armFrom(item.strip());
      }
    }
  }

  public boolean isEnabled() {
    return enabled;
  }

  /// The calling thread has reached the place.
  public void hit(Failpoint failpoint) {
    if (enabled) {
      act(failpoint);
    }
  }

  /// Arms one: the n-th hit from now acts. [Action#OFF] disarms it and lets go whoever is paused
  /// there.
  public void arm(Failpoint failpoint, Action action, long after) {
    synchronized (points) {
      Point point = point(failpoint);
      point.action = action;
      point.after = after;
    }
    monitor.signal();
  }

  public List<View> views() {
    List<View> views = new ArrayList<>();
    synchronized (points) {
      points.forEach((failpoint, point) ->
          views.add(
              new View(
                  failpoint.text(),
                  point.hits,
                  point.action.name().toLowerCase(java.util.Locale.ROOT),
                  point.paused)));
    }
    return views;
  }

  private void act(Failpoint failpoint) {
    Action action;
    synchronized (points) {
      Point point = point(failpoint);
      point.hits++;
      if (point.action == Action.OFF || --point.after > 0) {
        return;
      }
      action = point.action;
      if (action == Action.HALT) {
        point.action = Action.OFF;
      } else {
        point.paused = true;
      }
    }
    if (action == Action.HALT) {
      // outside of the lock: in a simulation the process may only be suspended here
      halt.accept(HALTED);
      return;
    }
    while (!monitor.await(() -> isOff(failpoint), LOOK_AGAIN)) {
      // paused until somebody disarms it or ends the process
    }
    synchronized (points) {
      point(failpoint).paused = false;
    }
  }

  private boolean isOff(Failpoint failpoint) {
    synchronized (points) {
      return point(failpoint).action == Action.OFF;
    }
  }

  private Point point(Failpoint failpoint) {
    Point point = points.get(failpoint);
    if (point == null) {
      throw new IllegalStateException("no failpoint " + failpoint);
    }
    return point;
  }

  private void armFrom(String item) {
    int equals = item.indexOf('=');
    String name = equals < 0 ? item : item.substring(0, equals);
    String wanted = equals < 0 ? "" : item.substring(equals + 1);
    int at = wanted.indexOf('@');
    String action = at < 0 ? wanted : wanted.substring(0, at);
    long after = at < 0 ? 1 : hitOf(item, wanted.substring(at + 1));
    Failpoint failpoint =
        Failpoint.named(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "failpoints: expected 'on' or items such as recovery.midway=pause, found '"
                        + item
                        + "'"));
    switch (action) {
      case "pause" -> arm(failpoint, Action.PAUSE, after);
      case "halt" -> arm(failpoint, Action.HALT, after);
      default ->
          throw new IllegalArgumentException(
              "failpoints: " + name + " can pause or halt, found '" + action + "'");
    }
  }

  private static long hitOf(String item, String text) {
    try {
      long hit = Long.parseLong(text);
      if (hit > 0) {
        return hit;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException(
        "failpoints: expected the number of a hit behind '@', such as commit.after-end=halt@3, found '"
            + item
            + "'");
  }
}
