package dev.gretchen.engine.internal.lane;

import dev.gretchen.engine.internal.store.ByteKey;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rule that is shipped: in a lane one after another, in the order of their coming; among lanes
/// whoever is ready first.
public final class KeyedLineup<T> implements Lineup<T> {

  private static final class Lane<T> {
    private final @Nullable ByteKey key;
    private final ArrayDeque<T> events = new ArrayDeque<>();
    private boolean taken;

    Lane(@Nullable ByteKey key) {
      this.key = key;
    }
  }

  /// Those that somebody has or waits for.
  private final Map<ByteKey, Lane<T>> lanes = new HashMap<>();

  /// Lanes that nobody has, with an event.
  private final ArrayDeque<Lane<T>> ready = new ArrayDeque<>();

  /// Events in lanes that nobody has.
  private int readyEvents;

  @Override
  public void add(@Nullable ByteKey key, T event) {
    Lane<T> lane = key == null ? new Lane<>(null) : lanes.computeIfAbsent(key, Lane::new);
    lane.events.add(event);
    if (!lane.taken) {
      readyEvents++;
      if (lane.events.size() == 1) {
        ready.add(lane);
      }
    }
  }

  @Override
  public @Nullable T next() {
    Lane<T> lane = ready.poll();
    if (lane == null) {
      return null;
    }
    lane.taken = true;
    readyEvents -= lane.events.size();
    return lane.events.poll();
  }

  @Override
  public @Nullable T nextOf(@Nullable ByteKey key) {
    Lane<T> lane = key == null ? null : lanes.get(key);
    return lane == null ? null : lane.events.poll();
  }

  @Override
  public boolean hasNext() {
    return !ready.isEmpty();
  }

  @Override
  public @Nullable T peek() {
    Lane<T> lane = ready.peek();
    return lane == null ? null : lane.events.peek();
  }

  @Override
  public int ready() {
    return readyEvents;
  }

  @Override
  public void ended(@Nullable ByteKey key) {
    Lane<T> lane = key == null ? null : lanes.get(key);
    if (lane == null) {
      return;
    }
    lane.taken = false;
    if (lane.events.isEmpty()) {
      lanes.remove(lane.key);
    } else {
      readyEvents += lane.events.size();
      ready.add(lane);
    }
  }

  @Override
  public void hold(ByteKey key) {
    lanes.computeIfAbsent(key, Lane::new).taken = true;
  }

  @Override
  public void clear() {
    ready.clear();
    readyEvents = 0;
    lanes.values().removeIf(lane -> !lane.taken);
    lanes.values().forEach(lane -> lane.events.clear());
  }
}
