package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.process.Preload;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The power over single brokers.
public interface BrokerControl {

  /// All broker ids, ascending, dead ones included.
  Set<Integer> ids();

  /// SIGKILL; returns when the process is gone.
  ///
  /// @return the pid that was killed
  /// @throws IllegalStateException where the broker is down
  long kill(int id);

  /// SIGTERM, and waits until the process is gone.
  ///
  /// @return its exit status, empty where it still runs after the time-out
  /// @throws IllegalStateException where the broker is down
  OptionalInt stopGracefully(int id, Duration timeout) throws InterruptedException;

  /// SIGSTOP.
  ///
  /// @return whether it was seen to stand still
  /// @throws IllegalStateException where the broker is down
  boolean pause(int id) throws InterruptedException;

  /// SIGCONT, where it runs.
  void resume(int id);

  /// Starts a dead broker on its old disk and does not wait until it is registered.
  ///
  /// @throws dev.gretchen.chaos.EnvironmentFailure where it cannot be started
  void restart(int id) throws InterruptedException;

  boolean isAlive(int id);

  /// Moves the disk of a broker that is down to a small file system of its own.
  ///
  /// @param free bytes that it has beside what the disk holds
  void shrinkDisk(int id, long free) throws InterruptedException;

  /// Fills that disk to the brim; the broker may then end by itself, which is no surprise.
  ///
  /// @return how many bytes still fitted
  long fillDisk(int id);

  boolean isDiskSmall(int id);

  /// Moves the disk of a broker that is down back to where it was; the filling is gone.
  void restoreDisk(int id) throws InterruptedException;

  /// The library that each broker loads first, under the name [#name], where they do.
  Optional<Preload> preload();

  /// What processes and messages call a broker.
  static String name(int id) {
    return "broker-" + id;
  }

  /// The ids in the cluster's own list of nodes: registered and not fenced.
  ///
  /// @param timeout how long to wait for an answer; none in time counts as an empty list
  Set<Integer> registered(Duration timeout) throws InterruptedException;
}
