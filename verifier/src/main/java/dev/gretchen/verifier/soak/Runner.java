package dev.gretchen.verifier.soak;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/// Makes runs.
public interface Runner extends AutoCloseable {

  /// Makes a run and returns when nothing of it is left running.
  ///
  /// @param runs the folder that its directory is to be made in
  /// @param log what it says goes there
  /// @param tick is told now and then how many seconds it has taken
  /// @return its last words where it did not come as far as a verdict, otherwise whatever it said
  ///   last
  /// @throws InterruptedException when the calling thread is interrupted; nothing is left running
  ///   then either
  String run(PlannedRun run, Path runs, Path log, DoubleConsumer tick) throws InterruptedException;

  @Override
  void close();
}
