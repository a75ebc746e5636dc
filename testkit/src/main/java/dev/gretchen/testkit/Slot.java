package dev.gretchen.testkit;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.engine.internal.http.WorkerEndpoints;
import dev.gretchen.engine.internal.worker.EngineParts;
import dev.gretchen.testkit.client.SimClients;
import dev.gretchen.testkit.disk.SimDisk;
import dev.gretchen.testkit.link.SimLinkNet;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimSurroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A disk, and one worker after another on it.
final class Slot {

  private static final String NAME = "w1";

  /// The worker's main fiber looks this often; a failure wakes it at once.
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(60);

  private final App app;
  private final Cluster cluster;
  private final List<String> options;
  private final SimDisk disk;
  private @Nullable SimProcess process;
  private @Nullable HttpSurface surface;
  private @Nullable Worker worker;
  private @Nullable Throwable failure;

  Slot(App app, Cluster cluster, TesterOptions chosen) {
    this.app = app;
    this.cluster = cluster;
    this.disk = new SimDisk(cluster.scheduler());
    this.options =
        List.of(
            "--bootstrap=simulated",
            "--worker=" + NAME,
            "--guarantee=" + chosen.guarantee().text());
  }

  /// Starts a worker.
  void start() {
    Scheduler scheduler = cluster.scheduler();
    SimProcess fresh = scheduler.process(NAME);
    process = fresh;
    surface = null;
    worker = null;
    scheduler.start(fresh, "main", () -> main(fresh), thrown -> startedOrNot(fresh, thrown));
  }

  private void main(SimProcess self) {
    EngineParts parts =
        EngineParts.standard()
            .withStore(_ -> disk.open(self))
            .withEndpoints((_, shown) -> WorkerEndpoints.withoutSocket(() -> surface = shown));
    SimSurroundings surroundings =
        new SimSurroundings(
            cluster.scheduler(),
            self,
            new SimClients(cluster.network(), self),
            SimLinkNet.clear(cluster.scheduler()).of(self),
            Duration.ZERO);
    Worker started = Worker.start(app, WorkerOptions.of(options, Map.of()), parts, surroundings);
    worker = started;
    while (worker == started) {
      failure = started.awaitFailure(LOOK_AGAIN);
      if (failure != null) {
        cluster.scheduler().killCurrent();
      }
    }
  }

  private void startedOrNot(SimProcess self, @Nullable Throwable thrown) {
    if (thrown != null) {
      ended(self, thrown);
    }
  }

  private void ended(SimProcess self, @Nullable Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    cluster.scheduler().kill(self);
  }

  /// Ends the worker without warning.
  void kill() {
    SimProcess victim = process;
    if (victim != null) {
      cluster.scheduler().kill(victim);
    }
  }

  /// Asks the worker to drain, commit and leave.
  void stop() {
    Worker running = worker;
    SimProcess self = process;
    if (running != null && self != null && !self.isKilled()) {
      worker = null;
      cluster.scheduler().start(self, "sigterm", running::close, thrown -> ended(self, thrown));
    }
  }

  /// Has something be done to the worker, as by a thread of its process that is no handler's.
  ///
  /// @param ended told what it threw, or null; not told if the worker is killed before
  void inWorker(Consumer<Worker> action, Consumer<@Nullable Throwable> ended) {
    Worker running = worker;
    SimProcess self = process;
    if (running == null || self == null || self.isKilled()) {
      throw new IllegalStateException("no worker runs, so nobody can be asked");
    }
    cluster.scheduler().start(self, "outside", () -> action.accept(running), ended);
  }

  /// Whether no worker runs.
  boolean hasEnded() {
    SimProcess last = process;
    return last == null || last.isKilled();
  }

  /// What the worker shows, or null.
  @Nullable HttpSurface surface() {
    return hasEnded() ? null : surface;
  }

  /// Why the worker ended by itself, or null.
  @Nullable Throwable failure() {
    return failure;
  }

  SimDisk disk() {
    return disk;
  }
}
