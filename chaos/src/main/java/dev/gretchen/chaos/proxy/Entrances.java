package dev.gretchen.chaos.proxy;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The entrances of all workers, each opened when it is first asked for: a run without clients has
/// none. Any thread.
public final class Entrances implements AutoCloseable {
  private final Function<String, OptionalInt> ports;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Entrance> opened = new TreeMap<>(); // guarded by lock

  /// Opens nothing yet.
  ///
  /// @param ports where a worker's process listens, empty while there is none
  public Entrances(Function<String, OptionalInt> ports) {
    this.ports = ports;
  }

  /// The entrance of a worker.
  ///
  /// @throws EnvironmentFailure where there is no free port
  public Entrance of(String worker) {
    lock.lock();
    try {
      Entrance known = opened.get(worker);
      if (known == null) {
        known = Entrance.open(worker, () -> ports.apply(worker));
        opened.put(worker, known);
      }
      return known;
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "No free port on 127.0.0.1 for the clients of " + worker + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /// Whether a worker has an entrance, so that clients may have come in.
  public boolean has(String worker) {
    lock.lock();
    try {
      return opened.containsKey(worker);
    } finally {
      lock.unlock();
    }
  }

  /// Frees all of them.
  public void free() {
    all().values().forEach(Entrance::free);
  }

  private Map<String, Entrance> all() {
    lock.lock();
    try {
      return Map.copyOf(opened);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    all().values().forEach(Entrance::close);
  }
}
