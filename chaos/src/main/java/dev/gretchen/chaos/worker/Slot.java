package dev.gretchen.chaos.worker;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.JvmMemory;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.ProcessLimit;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.process.SmallDisk;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One worker over all its processes: name, disk, port, and what it is meant to be doing. The lock
/// serialises what happens to it; a wait for a graceful stop does not hold it.
final class Slot {
  private static final String EXIT_WITH_STDIN = "GRETCHEN_EXIT_WITH_STDIN";
  private static final String FAILPOINTS = "GRETCHEN_FAILPOINTS";
  private static final int TAIL_LINES = 20;
  private static final Duration PAUSE_POLL = Duration.ofMillis(5);

  private final String name;
  private final WorkerCommand command;
  private final Processes processes;
  private final Path state;
  private final Path logs;
  private final InstantSource clock;
  private final @Nullable Preload preload;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Child child; // guarded by lock
  private @Nullable Incarnation incarnation; // guarded by lock
  private boolean exitExpected = true; // guarded by lock
  private int started; // guarded by lock
  private @Nullable SmallDisk smallDisk; // guarded by lock
  private Map<String, String> settings = Map.of(); // guarded by lock
  private final Map<ProcessLimit, String> usualLimits =
      new EnumMap<>(ProcessLimit.class); // guarded by lock

  Slot(
      String name,
      WorkerCommand command,
      Processes processes,
      Path logs,
      InstantSource clock,
      @Nullable Preload preload) {
    this.preload = preload;
    this.name = name;
    this.command = command;
    this.processes = processes;
    this.state = processes.scratch().resolve("state").resolve(name);
    this.logs = logs;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  Incarnation start(String failpoints) {
    lock.lock();
    try {
      if (isRunning()) {
        throw new IllegalStateException("Worker " + name + " runs already");
      }
      Files.createDirectories(state);
      int port = port();
      int number = ++started;
      Path log = logs.resolve(name + "-" + number + ".log");
      Child process = processes.start(launch(port, log, failpoints));
      URI endpoint = URI.create("http://127.0.0.1:" + port);
      Incarnation result = new Incarnation(name, number, process.pid(), endpoint, log);
      child = process;
      incarnation = result;
      exitExpected = false;
      return result;
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "Worker " + name + " cannot be started: " + Folders.reason(e), e);
    } finally {
      lock.unlock();
    }
  }

  private Launch launch(int port, Path log, String failpoints) {
    Map<String, String> own = new HashMap<>(command.individual().apply(name));
    own.put("worker", name);
    own.put("state-dir", state.toString());
    own.put("http-port", Integer.toString(port));
    own.putAll(settings);
    Map<String, String> environment = new HashMap<>(command.environment());
    if (preload != null) {
      environment.putAll(preload.environment(name, state));
    }
    environment.put(EXIT_WITH_STDIN, "1");
    environment.put(FAILPOINTS, failpoints);
    return new Launch("worker " + name, command.resolve(own), environment, log);
  }

  /// The port of the last process where it is still free, so that addresses are stable.
  private int port() throws IOException {
    Incarnation last = incarnation;
    if (last != null && Ports.isFree(last.endpoint().getPort())) {
      return last.endpoint().getPort();
    }
    return Ports.free(1).getFirst();
  }

  /// Values of placeholders for the processes to come, in the place of the usual ones.
  void set(Map<String, String> values) {
    lock.lock();
    try {
      settings = Map.copyOf(values);
    } finally {
      lock.unlock();
    }
  }

  Map<String, String> settings() {
    lock.lock();
    try {
      return settings;
    } finally {
      lock.unlock();
    }
  }

  /// Lets the running process have no more than that.
  ///
  /// @return the limit that is in force then, empty where nobody can tell
  Optional<String> limit(ProcessLimit limit, long most) {
    lock.lock();
    try {
      Child running = runningChild();
      running.limit(limit).ifPresent(usual -> usualLimits.put(limit, usual));
      running.setLimit(limit, Long.toString(most));
      return running.limit(limit);
    } finally {
      lock.unlock();
    }
  }

  /// Gives the running process back what it might have before.
  ///
  /// @return whether it has that, or is down
  boolean unlimit() {
    lock.lock();
    try {
      boolean given = true;
      Child running = child;
      if (running != null) {
        for (Map.Entry<ProcessLimit, String> usual : usualLimits.entrySet()) {
          given &= running.setLimit(usual.getKey(), usual.getValue());
        }
      }
      usualLimits.clear();
      return given || !isRunning();
    } finally {
      lock.unlock();
    }
  }

  /// How many bytes of address space the running process has.
  long addressSpaceBytes() {
    return running().addressSpaceBytes();
  }

  /// The memory of the running process, which must be a JVM.
  JvmMemory memory() {
    return JvmMemory.of(running().pid());
  }

  /// Deletes all files of the disk while the worker may run.
  ///
  /// @return how many there were
  int loseFiles() {
    lock.lock();
    try {
      return Folders.deleteFiles(state);
    } catch (IOException e) {
      throw diskFailure("emptied", e);
    } finally {
      lock.unlock();
    }
  }

  Exit kill() {
    lock.lock();
    try {
      Child running = runningChild();
      exitExpected = true;
      Instant from = clock.instant();
      int status = running.kill();
      return exit(running, OptionalInt.of(status), from);
    } finally {
      lock.unlock();
    }
  }

  Exit terminate(Duration timeout) throws InterruptedException {
    Child running = expectExitOfRunning();
    Instant from = clock.instant();
    OptionalInt status = OptionalInt.empty();
    try {
      status = running.terminate(timeout);
    } finally {
      noteStatus(running, status);
    }
    return exit(running, status, from);
  }

  private Child expectExitOfRunning() {
    lock.lock();
    try {
      Child running = runningChild();
      exitExpected = true;
      return running;
    } finally {
      lock.unlock();
    }
  }

  /// Only status 0 is what a graceful stop promised; any other becomes an unexpected exit.
  private void noteStatus(Child stopped, OptionalInt status) {
    lock.lock();
    try {
      if (child == stopped) {
        exitExpected = status.isPresent() && status.getAsInt() == 0;
      }
    } finally {
      lock.unlock();
    }
  }

  private Exit exit(Child process, OptionalInt status, Instant from) {
    return new Exit(name, process.pid(), status, Duration.between(from, clock.instant()));
  }

  int wipe() {
    return onDisk("wiped", () -> Folders.delete(state));
  }

  /// Keeps a copy of the disk as it is; the one before is gone.
  int keepDisk() {
    return onDisk(
        "copied",
        () -> {
          Folders.delete(kept());
          return Folders.copy(state, kept());
        });
  }

  /// Puts the copy that was kept in the place of the disk.
  ///
  /// @return how many of its files had changed since
  int putBackDisk() {
    return onDisk(
        "put back",
        () -> {
          int changed = Folders.differing(kept(), state);
          Folders.delete(state);
          Files.move(kept(), state);
          return changed;
        });
  }

  /// Exchanges the disks of two workers that are down.
  ///
  /// @return how many files each has now
  List<Integer> exchangeDisk(Slot other) {
    return onDisk(
        "exchanged",
        () ->
            other.onDisk(
                "exchanged",
                () -> {
                  Path aside = kept();
                  Folders.delete(aside);
                  Files.move(state, aside);
                  Files.move(other.state, state);
                  Files.move(aside, other.state);
                  return List.of(Folders.files(state), Folders.files(other.state));
                }));
  }

  /// Damages a file of the disk, see [DiskDamage#damage].
  Optional<String> damageDisk(DiskDamage damage, long choice) {
    return onDisk("damaged", () -> damage.damage(state, choice));
  }

  /// See [Litter#strew].
  int litter() {
    return onDisk("littered", () -> Litter.strew(state));
  }

  /// Moves the disk of a worker that is down to a small file system of its own.
  ///
  /// @param free bytes that it has beside what the disk holds
  void shrinkDisk(long free) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      requireDown("moved");
      smallDisk = SmallDisk.mount(state, free, processes);
    } catch (IOException e) {
      throw diskFailure("moved", e);
    } finally {
      lock.unlock();
    }
  }

  /// Fills the small disk to the brim.
  ///
  /// @return how many bytes still fitted
  long fillDisk() {
    lock.lock();
    try {
      return small().fill();
    } catch (IOException e) {
      throw diskFailure("filled", e);
    } finally {
      lock.unlock();
    }
  }

  /// The small disk has room again.
  void unfillDisk() {
    lock.lock();
    try {
      small().unfill();
    } catch (IOException e) {
      throw diskFailure("emptied", e);
    } finally {
      lock.unlock();
    }
  }

  boolean isDiskSmall() {
    lock.lock();
    try {
      return smallDisk != null;
    } finally {
      lock.unlock();
    }
  }

  /// Moves the disk of a worker that is down back to where it was.
  void restoreDisk() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      requireDown("moved back");
      small().unmount();
      smallDisk = null;
    } catch (IOException e) {
      throw diskFailure("moved back", e);
    } finally {
      lock.unlock();
    }
  }

  private SmallDisk small() {
    SmallDisk small = smallDisk;
    if (small == null) {
      throw new IllegalStateException("The disk of " + name + " is as large as any");
    }
    return small;
  }

  private void requireDown(String what) {
    if (isRunning()) {
      throw new IllegalStateException(
          "The disk of " + name + " cannot be " + what + " while it runs");
    }
  }

  private EnvironmentFailure diskFailure(String what, IOException cause) {
    return new EnvironmentFailure(
        "The disk of worker " + name + " cannot be " + what + ": " + Folders.reason(cause), cause);
  }

  private Path kept() {
    return state.resolveSibling(name + ".kept");
  }

  /// What is done to a disk.
  private interface DiskWork<T> {
    T run() throws IOException;
  }

  private <T> T onDisk(String what, DiskWork<T> work) {
    lock.lock();
    try {
      requireDown(what);
      return work.run();
    } catch (IOException e) {
      throw diskFailure(what, e);
    } finally {
      lock.unlock();
    }
  }

  /// SIGSTOP; whether it was seen to stand still in time.
  boolean pause(Duration timeout) throws InterruptedException {
    Child running = running();
    running.stop();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!running.isStopped() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_POLL);
    }
    return running.isStopped();
  }

  /// SIGCONT, where it runs.
  void resume() {
    if (isRunning()) {
      running().cont();
    }
  }

  boolean isPaused() {
    return isRunning() && running().isStopped();
  }

  /// Starts a second process for the same worker and disk, on a port of its own.
  Child startTwin() {
    lock.lock();
    try {
      running();
      Path log = logs.resolve(name + "-" + started + "-twin.log");
      return processes.start(launch(Ports.free(1).getFirst(), log, ""));
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "A second process of worker " + name + " cannot be started: " + Folders.reason(e), e);
    } finally {
      lock.unlock();
    }
  }

  private Child running() {
    lock.lock();
    try {
      return runningChild();
    } finally {
      lock.unlock();
    }
  }

  void expectExit() {
    lock.lock();
    try {
      exitExpected = true;
    } finally {
      lock.unlock();
    }
  }

  boolean isRunning() {
    lock.lock();
    try {
      return child != null && child.isAlive();
    } finally {
      lock.unlock();
    }
  }

  /// The process that runs now or ran last.
  Optional<Incarnation> incarnation() {
    lock.lock();
    try {
      return Optional.ofNullable(incarnation);
    } finally {
      lock.unlock();
    }
  }

  /// What to say of a process that is gone.
  Readiness.Down down() {
    lock.lock();
    try {
      Child last = child;
      return last == null
          ? new Readiness.Down(-1, "")
          : new Readiness.Down(last.exitStatus().orElse(-1), last.logTail(TAIL_LINES));
    } finally {
      lock.unlock();
    }
  }

  /// Reports an unexpected exit once.
  Optional<UnexpectedExit> takeUnexpectedExit() {
    lock.lock();
    try {
      Child last = child;
      Incarnation of = incarnation;
      if (exitExpected || last == null || of == null || last.isAlive()) {
        return Optional.empty();
      }
      exitExpected = true;
      int status = last.exitStatus().orElse(-1);
      Instant at = clock.instant().minus(last.endedAgo());
      return Optional.of(new UnexpectedExit(of, status, at, last.logTail(TAIL_LINES)));
    } finally {
      lock.unlock();
    }
  }

  private Child runningChild() {
    Child running = child;
    if (running == null || !running.isAlive()) {
      throw new IllegalStateException("Worker " + name + " is down already");
    }
    return running;
  }
}
