package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/// Makes each run in a process of its own, which is what `./gretchen verify` would have been: a run
/// that takes its JVM with it does not take the soak. A watcher process ends it should this JVM be
/// killed; the run's own watcher then ends what the run had started.
public final class VerifyProcess implements Runner {

  private static final Duration TICK = Duration.ofSeconds(1);

  /// A run may take so long beyond its load: start-up, healing, draining and judging.
  private static final Duration BEYOND_LOAD_MAX = Duration.ofMinutes(20);

  /// A run that is asked to stop may take so long to clean up.
  private static final Duration STOP_MAX = Duration.ofMinutes(2);

  private static final int LAST_LINES = 3;
  private static final double NANOS = 1e9;

  private final Processes processes;
  private final List<String> command;
  private final Path home;

  /// @param scratch a folder that may be removed
  /// @param command that starts `verify`, up to that word
  /// @param home the folder of this project, below which the descriptors of canaries are
  public VerifyProcess(Path scratch, List<String> command, Path home) {
    this.processes = Processes.openTemporary(scratch);
    this.command = List.copyOf(command);
    this.home = home;
  }

  @Override
  public String run(PlannedRun run, Path runs, Path log, DoubleConsumer tick)
      throws InterruptedException {
    List<String> line = new ArrayList<>(command);
    line.add(run.role() == PlannedRun.Role.CANARY ? home.resolve(run.app()).toString() : run.app());
    line.addAll(run.words());
    line.add("--runs=" + runs);
    Child child = processes.start(new Launch("run-" + run.number(), line, Map.of(), log));
    long begun = System.nanoTime();
    Duration bound = run.length().plus(run.length()).plus(BEYOND_LOAD_MAX);
    try {
      while (!child.awaitExit(TICK)) {
        long taken = System.nanoTime() - begun;
        if (taken > bound.toNanos()) {
          stop(child);
          return "it had not ended after " + bound.toSeconds() + " s and was stopped";
        }
        tick.accept(taken / NANOS);
      }
    } catch (InterruptedException interrupted) {
      stop(child);
      throw interrupted;
    }
    return child.logTail(LAST_LINES).replaceAll("\\s+", " ").strip();
  }

  /// In order where it can, so that the run writes down what it has seen.
  private static void stop(Child child) throws InterruptedException {
    if (child.terminate(STOP_MAX).isEmpty()) {
      child.kill();
    }
  }

  @Override
  public void close() {
    processes.close();
  }
}
