package dev.gretchen.chaos.nemesis;

import java.util.Optional;

/// Somebody who has no business with the app's group and its transactions, and meddles with them.
/// Called from the nemesis's thread.
public interface Intruder {

  /// Removes all members from the app's group; those that live join again.
  ///
  /// @return how many there were, 0 where it could not be done
  int evictMembers() throws InterruptedException;

  /// Begins under the transactional id of a worker, so that the worker is fenced, and leaves.
  ///
  /// @return what was done, empty where that worker has no transactional id or it could not be done
  Optional<Hijack> hijack(String worker) throws InterruptedException;

  /// The transactional id of a worker under which a transaction is open, empty where none is or
  /// nobody can tell.
  Optional<String> openTransaction(String worker) throws InterruptedException;

  /// The epoch of the producers of a transactional id, -1 where nobody can tell. It grows with each
  /// producer that begins.
  int producerEpoch(String transactionalId) throws InterruptedException;

  /// A transactional id that was taken.
  ///
  /// @param epoch of our own producer
  record Hijack(String transactionalId, int epoch) {}
}
