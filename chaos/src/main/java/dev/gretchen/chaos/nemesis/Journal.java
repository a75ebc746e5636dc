package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.worker.UnexpectedExit;

/// Receives what the nemesis does, on its thread, in order.
public interface Journal {

  /// A step begins; most of the entry is still open.
  void begun(FaultEntry entry);

  /// A fault has taken effect; healing follows.
  void proven(FaultEntry entry);

  /// A step is over, healed or not. Called exactly once for each step of the plan, also for those
  /// that had no effect or were never reached: write this one down.
  void over(FaultEntry entry);

  /// A worker ended by itself, and will be started again.
  void unexpectedExit(UnexpectedExit exit);

  /// A worker ended by itself, as the fault that is under way may make it do. Called before
  /// [#unexpectedExit] can be, for the same exit.
  void excused(UnexpectedExit exit);
}
