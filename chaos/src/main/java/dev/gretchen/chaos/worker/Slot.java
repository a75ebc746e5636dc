package dev.gretchen.chaos.worker;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
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

  private final String name;
  private final WorkerCommand command;
  private final Processes processes;
  private final Path state;
  private final Path logs;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Child child; // guarded by lock
  private @Nullable Incarnation incarnation; // guarded by lock
  private boolean exitExpected = true; // guarded by lock
  private int started; // guarded by lock

  Slot(String name, WorkerCommand command, Processes processes, Path logs, InstantSource clock) {
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
    Map<String, String> own =
        Map.of("worker", name, "state-dir", state.toString(), "http-port", Integer.toString(port));
    Map<String, String> environment = new HashMap<>(command.environment());
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
    lock.lock();
    try {
      if (isRunning()) {
        throw new IllegalStateException("The disk of " + name + " cannot be wiped while it runs");
      }
      return Folders.delete(state);
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "The disk of worker " + name + " cannot be wiped: " + Folders.reason(e), e);
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
      return Optional.of(new UnexpectedExit(of, status, clock.instant(), last.logTail(TAIL_LINES)));
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
