package dev.gretchen.chaos.broker;

import java.time.Duration;
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

  /// Starts a dead broker on its old disk and does not wait until it is registered.
  ///
  /// @throws dev.gretchen.chaos.EnvironmentFailure where it cannot be started
  void restart(int id) throws InterruptedException;

  boolean isAlive(int id);

  /// The ids in the cluster's own list of nodes: registered and not fenced.
  ///
  /// @param timeout how long to wait for an answer; none in time counts as an empty list
  Set<Integer> registered(Duration timeout) throws InterruptedException;
}
