package dev.gretchen.simulation;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.engine.internal.http.WorkerEndpoints;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.worker.EngineParts;
import dev.gretchen.engine.internal.worker.WorkerCannotStart;
import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.client.SimClients;
import dev.gretchen.testkit.disk.Disk;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.link.SimLinkNet;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimSurroundings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A slot: a disk, and one process after another on it.
///
/// Whoever supervises a worker is part of it: a worker that cannot start is started again. One that
/// ends by itself otherwise is an anomaly.
final class SimulatedWorker {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(400);
  private static final Duration ARM_AGAIN = Duration.ofNanos(100_000);
  private static final Duration START_AGAIN = Duration.ofMillis(500);

  /// A poll loop is given up after seven seconds, of which a revocation may have taken six before
  /// it was held up.
  private static final Duration STALL_MIN = Duration.ofSeconds(1);

  private final String name;
  private final Scheduler scheduler;
  private final Network network;
  private final SimLinkNet links;
  private final Incarnations incarnations;
  private final Supplier<App> app;
  private final Setup setup;
  private final Engines engines;
  private final Effects effects;
  private final Takeovers takeovers;
  private final Disk disk;
  private final List<String> failures;
  private Disk.Copy copy;
  private @Nullable SimProcess process;
  private @Nullable HttpSurface surface;
  private @Nullable HeldPolls polls;
  private String armed = "";
  private @Nullable Duration pausedAtHalt;
  private boolean isStartPlanned;
  private boolean isHealed;
  private long stoodStillUntil = Long.MIN_VALUE;
  private boolean wanted;
  private boolean stopping;

  /// @param failures takes a sentence for each worker that ended by itself
  SimulatedWorker(
      String name,
      Disk disk,
      Scheduler scheduler,
      Network network,
      SimLinkNet links,
      Incarnations incarnations,
      Supplier<App> app,
      Setup setup,
      Engines engines,
      Effects effects,
      Takeovers takeovers,
      List<String> failures) {
    this.name = name;
    this.scheduler = scheduler;
    this.network = network;
    this.links = links;
    this.incarnations = incarnations;
    this.app = app;
    this.setup = setup;
    this.engines = engines;
    this.effects = effects;
    this.takeovers = takeovers;
    this.disk = disk;
    this.copy = disk.copy();
    this.failures = failures;
  }

  String name() {
    return name;
  }

  Disk disk() {
    return disk;
  }

  /// What the worker shows; null if none runs.
  @Nullable HttpSurface surface() {
    return isRunning() ? surface : null;
  }

  /// Whether it runs, is ready by its own word, is not held up, and is not about to stop.
  boolean isReady() {
    HttpSurface shown = surface();
    HeldPolls held = polls;
    return shown != null && shown.isReady() && !stopping && !(held != null && held.isHeld());
  }

  boolean isRunning() {
    return process != null && !process.isKilled();
  }

  /// Starts the slot's process, if none runs; if one is about to stop, once it has.
  void start() {
    wanted = true;
    SimProcess before = process;
    if (before != null && !before.isKilled()) {
      if (stopping) {
        before.whenKilled(
            () -> scheduler.after(scheduler.world(), START_AGAIN.toNanos(), this::startIfWanted));
      }
      return;
    }
    stopping = false;
    surface = null;
    polls = null;
    pausedAtHalt = null;
    isStartPlanned = false;
    incarnations.startsAnew(name);
    SimProcess fresh = scheduler.process(name);
    process = fresh;
    scheduler.note(fresh, "start", fresh.number(), 0);
    fresh.whenKilled(() -> {
      if (!stopping) {
        takeovers.died(name);
      }
      if (fresh.hasHalted()) {
        effects.took("halt", name, SimFault.Nature.CRASH);
        if (!isStartPlanned) {
          scheduler.after(scheduler.world(), START_AGAIN.toNanos(), this::startIfWanted);
        }
      }
    });
    scheduler.start(fresh, "main", () -> main(fresh), thrown -> ended(fresh, thrown));
  }

  private void main(SimProcess self) {
    HeldPolls held = new HeldPolls(surroundings(self));
    polls = held;
    String failpoints = armed.isEmpty() ? "on" : armed;
    armed = "";
    Worker worker = start(self, failpoints, shown -> surface = shown, held);
    while (!stopping) {
      Throwable failure = worker.awaitFailure(LOOK_AGAIN);
      if (failure != null) {
        failures.add("worker " + name + " ended by itself: " + failure);
        return;
      }
    }
    worker.close();
    Throwable failure = worker.awaitFailure(Duration.ZERO);
    if (failure != null) {
      failures.add("worker " + name + " failed while it stopped: " + failure);
    }
  }

  private Surroundings surroundings(SimProcess self) {
    int bound = setup.skewMillis();
    int skew = bound == 0 ? 0 : scheduler.random().nextInt(2 * bound) - bound;
    return engines
        .surroundings()
        .apply(
            new SimSurroundings(
                scheduler,
                self,
                new SimClients(network, self),
                links.of(self),
                Duration.ofMillis(skew),
                this::halted));
  }

  private Worker start(
      SimProcess self, String failpoints, Consumer<HttpSurface> shown, Surroundings surroundings) {
    EngineParts parts =
        engines
            .parts()
            .apply(
                EngineParts.standard()
                    .withStore(_ -> disk.open(self))
                    .withEndpoints((_, surface) ->
                        WorkerEndpoints.withoutSocket(() -> shown.accept(surface))));
    WorkerOptions options =
        WorkerOptions.of(
            List.of(
                "--bootstrap=simulated",
                "--worker=" + name,
                "--guarantee=" + setup.guarantee().text(),
                "--commit-interval=" + setup.commitInterval().toMillis(),
                "--standbys=" + setup.standbys(),
                "--acceptable-lag=" + setup.acceptableLag(),
                "--rack=" + rack()),
            Map.of("GRETCHEN_FAILPOINTS", failpoints));
    return Worker.start(app.get(), options, parts, surroundings);
  }

  private String rack() {
    return "r" + Math.floorMod(name.hashCode(), setup.racks());
  }

  private void ended(SimProcess self, @Nullable Throwable thrown) {
    scheduler.note(self, "exit", self.number(), thrown == null ? 0 : 1);
    if (thrown != null && !(thrown instanceof WorkerCannotStart)) {
      failures.add("worker " + name + " cannot start: " + thrown);
    }
    boolean again = wanted && !stopping;
    scheduler.kill(self);
    if (again) {
      scheduler.after(scheduler.world(), START_AGAIN.toNanos(), this::startIfWanted);
    }
  }

  /// Dies, and starts again after a time with what is left of its disk.
  void crash(Duration down, Step.Disk left) {
    SimProcess victim = process;
    if (victim == null || victim.isKilled()) {
      return;
    }
    effects.took("kill", name, SimFault.Nature.CRASH);
    scheduler.kill(victim);
    switch (left) {
      case KEPT -> {
        // as it is
      }
      case WIPED -> disk.wipe();
      case OLDER -> disk.restore(copy);
    }
    scheduler.after(scheduler.world(), down.toNanos(), this::startIfWanted);
  }

  /// Will halt by itself at a failpoint, and start again.
  void haltAt(String failpoint, int hit, Duration down, String again) {
    SimProcess victim = process;
    if (victim == null || victim.isKilled() || isHealed) {
      return;
    }
    HttpSurface shown = surface;
    if (shown == null) {
      // it is only just starting: as soon as it can be armed
      scheduler.after(
          scheduler.world(), ARM_AGAIN.toNanos(), () -> haltAt(failpoint, hit, down, again));
      return;
    }
    Failpoint.named(failpoint)
        .ifPresent(named -> shown.failpoints().arm(named, Failpoints.Action.HALT, hit));
    isStartPlanned = true;
    victim.whenKilled(() -> {
      armed = isHealed ? "" : again;
      scheduler.after(scheduler.world(), down.toNanos(), this::startIfWanted);
    });
  }

  void pause(Duration length) {
    SimProcess victim = process;
    if (victim != null && !victim.isKilled()) {
      effects.took("pause", name, SimFault.Nature.UNCERTAIN);
      takeovers.disturbed();
      scheduler.suspend(victim);
      scheduler.after(scheduler.world(), length.toNanos(), () -> resume(victim));
    }
  }

  private void resume(SimProcess victim) {
    if (victim.state() == SimProcess.State.PAUSED) {
      stoodStillUntil = scheduler.now();
      takeovers.disturbed();
      scheduler.resume(victim);
    }
  }

  /// Its poll loop stands still, and all else goes on.
  void stall(Duration length) {
    HeldPolls held = polls;
    if (isRunning() && held != null && !held.isHeld()) {
      takeovers.stalled(name, effects.faults().isEmpty());
      effects.took("stall", name, SimFault.Nature.UNCERTAIN);
      held.hold(scheduler.now());
      scheduler.after(scheduler.world(), length.toNanos(), () -> release(held));
    }
  }

  private void release(HeldPolls held) {
    if (held.isHeld()) {
      takeovers.disturbed();
      if (held == polls && held.hasHeldFor(STALL_MIN, scheduler.now())) {
        stoodStillUntil = scheduler.now();
      }
      held.release();
    }
  }

  /// Somebody starts a second process on its disk, under its name. It must be turned away before it
  /// has touched anything.
  void startTwin() {
    SimProcess first = process;
    if (first == null || surface() == null) {
      return;
    }
    effects.took("twin", name, SimFault.Nature.CLEAN);
    SimProcess second = scheduler.process(name);
    incarnations.addTwin(second);
    scheduler.note(second, "twin", second.number(), 0);
    first.whenKilled(() -> scheduler.kill(second));
    scheduler.start(
        second,
        "main",
        () -> start(second, "on", _ -> {}, surroundings(second)),
        refusal -> {
          scheduler.kill(second);
          if (!(refusal instanceof StoreUnavailable || refusal instanceof WorkerCannotStart)) {
            failures.add(
                "a second process on the disk of %s was not turned away: %s"
                    .formatted(name, refusal == null ? "it has started" : refusal));
          }
        });
  }

  /// Whether it stands still, or did after a time; or its poll loop for long.
  boolean hasStoodStillSince(long time) {
    SimProcess shown = process;
    HeldPolls held = polls;
    return (shown != null && shown.state() == SimProcess.State.PAUSED)
        || (held != null && held.hasHeldFor(STALL_MIN, scheduler.now()))
        || stoodStillUntil >= time;
  }

  /// Will stand still when it comes to a failpoint.
  void pauseAt(String failpoint, int hit, Duration length) {
    HttpSurface shown = surface();
    if (shown != null) {
      pausedAtHalt = length;
      Failpoint.named(failpoint)
          .ifPresent(named -> shown.failpoints().arm(named, Failpoints.Action.HALT, hit));
    }
  }

  /// The process has come to a failpoint at which it halts, or stands still for a while.
  private void halted() {
    Duration length = pausedAtHalt;
    if (length == null) {
      scheduler.killCurrent();
    } else {
      pausedAtHalt = null;
      pause(length);
      scheduler.pause();
    }
  }

  /// Lets it go on if it is paused, and pass all failpoints from now on.
  void heal() {
    isHealed = true;
    armed = "";
    HttpSurface shown = surface();
    if (shown != null) {
      for (Failpoint failpoint : Failpoint.values()) {
        shown.failpoints().arm(failpoint, Failpoints.Action.OFF, 0);
      }
    }
    if (process != null) {
      resume(process);
    }
    if (polls != null) {
      release(polls);
    }
  }

  /// Stops in order, and starts again after a time.
  void restart(Duration down) {
    SimProcess victim = process;
    if (victim == null || victim.isKilled()) {
      return;
    }
    stopping = true;
    effects.took("restart", name, SimFault.Nature.CLEAN);
    victim.whenKilled(
        () -> scheduler.after(scheduler.world(), down.toNanos(), this::startIfWanted));
  }

  /// Stops in order for good.
  void leave() {
    if (isRunning() && wanted) {
      effects.took("leave", name, SimFault.Nature.CLEAN);
    }
    wanted = false;
    stopping = true;
  }

  /// Whether it has stopped for good.
  boolean hasLeft() {
    return !wanted;
  }

  /// Keeps a copy of the disk, every now and then, which may be put back later.
  void copyDiskAtTimes() {
    if (scheduler.random().nextInt(3) == 0) {
      copy = disk.copy();
    }
  }

  private void startIfWanted() {
    if (wanted) {
      start();
    }
  }
}
