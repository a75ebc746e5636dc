package dev.gretchen.chaos.process;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A child process. Its standard input stays a pipe to us, so that it too may notice our end.
///
/// A process that died of a signal has exit status 128 + the signal's number: 137 after SIGKILL.
public final class Child {
  /// How long a killed process may take to be gone: the kernel tears down its memory first.
  public static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

  private final Launch launch;
  private final Process process;
  private final OutputStream input;
  private final String token;
  private final Consumer<Child> onGone;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final AtomicReference<Leftovers.@Nullable Entry> entry = new AtomicReference<>();
  private volatile long endedNanos;
  private volatile boolean ended;

  Child(Launch launch, Process process, Consumer<Child> onGone) {
    this.launch = launch;
    this.process = process;
    this.input = process.getOutputStream();
    this.token = process.pid() + ":" + Signals.startTime(process.pid()).orElse("-");
    this.onGone = onGone;
  }

  public String name() {
    return launch.name();
  }

  public long pid() {
    return process.pid();
  }

  public Path log() {
    return launch.log();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Whether SIGSTOP holds it, as far as the platform can tell. A process that was just about to
  /// start another one may be frozen without showing it: it waits for that one, which is stopped.
  public boolean isStopped() {
    return isAlive() && Signals.isStopped(pid());
  }

  /// Empty while it runs.
  public OptionalInt exitStatus() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /// How long ago it ended; nothing while it runs, or has only just ended.
  public Duration endedAgo() {
    return ended ? Duration.ofNanos(System.nanoTime() - endedNanos) : Duration.ZERO;
  }

  /// The last lines of its log.
  public String logTail(int lines) {
    return Folders.tail(log(), lines);
  }

  /// SIGKILL, and waits until it is gone; an interrupt does not shorten that. The exit status tells
  /// whether the signal or something else ended it.
  ///
  /// @return the exit status
  /// @throws EnvironmentFailure where it is not gone after [#KILL_TIMEOUT]
  public int kill() {
    sendKill();
    if (!awaitGone(KILL_TIMEOUT)) {
      throw new EnvironmentFailure(
          this + " is not gone " + KILL_TIMEOUT.toSeconds() + " s after SIGKILL");
    }
    return process.exitValue();
  }

  /// SIGTERM to the process itself, and waits.
  ///
  /// @return the exit status, empty where it still runs after the time-out
  public OptionalInt terminate(Duration timeout) throws InterruptedException {
    process.toHandle().destroy();
    awaitExit(timeout);
    return exitStatus();
  }

  /// SIGSTOP.
  public void stop() {
    send("STOP");
  }

  /// SIGCONT.
  public void cont() {
    send("CONT");
  }

  /// What it may have at the most, a number or `unlimited`; empty where the platform does not tell.
  public Optional<String> limit(ProcessLimit limit) {
    return limit.of(pid());
  }

  /// Sets what it may have at the most; what it has it keeps.
  ///
  /// @param most a number or `unlimited`
  /// @return whether that could be done
  public boolean setLimit(ProcessLimit limit, String most) {
    return isAlive() && limit.set(pid(), most);
  }

  /// How many bytes of address space it has now, 0 where the platform does not tell.
  public long addressSpaceBytes() {
    return ProcessLimit.addressSpaceBytes(pid());
  }

  /// Whether it has exited within the time.
  public boolean awaitExit(Duration timeout) throws InterruptedException {
    return gone.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void send(String signal) {
    if (!isAlive() || !Signals.send(signal, pid())) {
      throw new EnvironmentFailure("SIG" + signal + " cannot be sent: " + this + " is gone");
    }
  }

  void sendKill() {
    if (process.isAlive()) {
      Signals.send("KILL", pid());
      process.destroyForcibly();
    }
  }

  /// Like [#awaitExit], for cleaning up.
  boolean awaitGone(Duration timeout) {
    return Waits.exited(process, timeout);
  }

  Process process() {
    return process;
  }

  /// The journal has it.
  void noted(Leftovers.Entry note) {
    entry.set(note);
  }

  /// It is gone, which the journal learns once.
  void forgotten() {
    Leftovers.Entry note = process.isAlive() ? null : entry.getAndSet(null);
    if (note != null) {
      note.over();
    }
  }

  /// Names the process beyond the re-use of its pid.
  String token() {
    return token;
  }

  void openGate() throws IOException {
    input.write("go\n".getBytes(StandardCharsets.US_ASCII));
    input.flush();
  }

  void awaitExitInBackground() {
    Thread.ofVirtual().name("exit of " + name()).start(this::reap);
  }

  private void reap() {
    boolean isOver = false;
    while (!isOver) {
      try {
        process.waitFor();
        isOver = true;
      } catch (InterruptedException _) {
        // nobody interrupts this thread; were it so, the process must still be waited for
      }
    }
    endedNanos = System.nanoTime();
    ended = true;
    Signals.killOrphanedGroup(pid());
    closeInput();
    onGone.accept(this);
    gone.countDown();
  }

  private void closeInput() {
    try {
      input.close();
    } catch (IOException _) {
      // the reader is gone, which is why it is closed
    }
  }

  @Override
  public String toString() {
    return name() + " (pid " + pid() + ")";
  }
}
