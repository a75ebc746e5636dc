package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.worker.UnexpectedExit;

/// Receives what the nemesis does, on its thread, in order.
public interface Journal {

  /// A step begins; most of the entry is still open.
  void begun(FaultEntry entry);

  /// A fault has taken effect; healing follows.
  void proven(FaultEntry entry);

  /// A step is over, healed or not. Called exactly once for each step of the plan that is not
  /// skipped, also for those that had no effect or were never reached: write this one down.
  void over(FaultEntry entry);

  /// A step has no time left, as if the plan had had none: write this one down too.
  void skipped(Skipped step);

  /// A worker ended by itself, and will be started again.
  void unexpectedExit(UnexpectedExit exit);

  /// A worker ended by itself, as the fault that is under way may make it do. Called before
  /// [#unexpectedExit] can be, for the same exit.
  void excused(UnexpectedExit exit);
}
