package dev.gretchen.chaos.worker;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.JvmMemory;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.ProcessLimit;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The workers `w1` to `wN` of one app, started by a command and hit by signals.
///
/// Each worker keeps its folder `state/<worker>` below the scratch folder over kills and restarts,
/// until it is wiped; each of its processes has a log of its own.
public final class Workers implements AutoCloseable {
  /// More would only share the same machine.
  public static final int COUNT_MAX = 64;

  /// How long a worker may take to be ready: a start, a session time-out and a recovery.
  public static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

  /// How long a worker may take to drain and leave after SIGTERM.
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  /// The failpoint setting of a worker that has none armed.
  private static final String NONE_ARMED = "on";

  private static final Duration POLL = Duration.ofMillis(25);
  private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(1);
  private static final int TAIL_LINES = 60;

  private final Processes processes;
  private final WorkerCommand command;
  private final Path logs;
  private final InstantSource clock;
  private final @Nullable Preload preload;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private final List<String> initial;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Slot> slots = new LinkedHashMap<>(); // guarded by lock
  private final List<UnexpectedExit> unexpected = new ArrayList<>(); // guarded by lock
  private int named; // guarded by lock

  private Workers(
      Processes processes,
      WorkerCommand command,
      int count,
      Path logs,
      InstantSource clock,
      @Nullable Preload preload) {
    this.preload = preload;
    this.processes = processes;
    this.command = command;
    this.logs = logs;
    this.clock = clock;
    for (int i = 0; i < count; i++) {
      newSlot();
    }
    initial = List.copyOf(slots.keySet());
  }

  /// Names the workers and starts none.
  ///
  /// @param logs folder for `<worker>-<n>.log`
  /// @throws IllegalArgumentException where the command names a placeholder that has no value
  public static Workers of(
      Processes processes, WorkerCommand command, int count, Path logs, InstantSource clock) {
    return of(processes, command, count, logs, clock, null);
  }

  /// The same, with a library that each of their processes loads first.
  public static Workers of(
      Processes processes,
      WorkerCommand command,
      int count,
      Path logs,
      InstantSource clock,
      @Nullable Preload preload) {
    if (count < 1 || count > COUNT_MAX) {
      throw new IllegalArgumentException(
          "The number of workers must be 1 to " + COUNT_MAX + ", not " + count);
    }
    command.resolve(Map.of("worker", "w1", "state-dir", "state", "http-port", "0"));
    return new Workers(processes, command, count, logs, clock, preload);
  }

  /// The workers that there were at first, `w1` to `wN`.
  public List<String> initial() {
    return initial;
  }

  /// All workers, down ones included.
  public List<String> names() {
    return locked(() -> List.copyOf(slots.keySet()));
  }

  /// The workers whose process runs.
  public List<String> running() {
    return all().stream().filter(Slot::isRunning).map(Slot::name).toList();
  }

  public boolean isRunning(String worker) {
    return slot(worker).isRunning();
  }

  /// The process that runs now or ran last.
  public Optional<Incarnation> incarnation(String worker) {
    return slot(worker).incarnation();
  }

  /// The HTTP port of the process that runs, empty where the worker is down or forgotten.
  public OptionalInt port(String worker) {
    return locked(() -> Optional.ofNullable(slots.get(worker)))
        .filter(Slot::isRunning)
        .flatMap(Slot::incarnation)
        .map(process -> OptionalInt.of(process.endpoint().getPort()))
        .orElse(OptionalInt.empty());
  }

  /// Starts it on the disk as it is, and does not wait until it is ready.
  public Incarnation start(String worker) {
    return start(worker, NONE_ARMED);
  }

  /// Starts it with failpoints armed, such as `recovery.midway=pause`.
  public Incarnation start(String worker, String failpoints) {
    noteUnexpectedExits();
    return slot(worker).start(failpoints);
  }

  /// Starts the initial workers, without waiting.
  public void startAll() {
    initial.forEach(this::start);
  }

  /// SIGKILL; returns when the process is gone.
  ///
  /// @throws IllegalStateException where it is down
  public Exit kill(String worker) {
    return slot(worker).kill();
  }

  /// SIGTERM. An exit status other than 0 also becomes an unexpected exit.
  ///
  /// @throws IllegalStateException where it is down
  public Exit stopGracefully(String worker, Duration timeout) throws InterruptedException {
    return slot(worker).terminate(timeout);
  }

  /// Values of placeholders for a worker's processes to come, in the place of the usual ones.
  public void set(String worker, Map<String, String> values) {
    slot(worker).set(values);
  }

  /// What was set so for a worker.
  public Map<String, String> settings(String worker) {
    return slot(worker).settings();
  }

  /// The library that their processes load first, where they do.
  public Optional<Preload> preload() {
    return Optional.ofNullable(preload);
  }

  /// Lets the running process have no more than that; what it has it keeps.
  ///
  /// @return the limit that is in force then, empty where nobody can tell
  /// @throws IllegalStateException where it is down
  public Optional<String> limit(String worker, ProcessLimit limit, long most) {
    return slot(worker).limit(limit, most);
  }

  /// Gives the running process back what it might have before.
  ///
  /// @return whether it has that, or is down
  public boolean unlimit(String worker) {
    return slot(worker).unlimit();
  }

  /// How many bytes of address space the running process has.
  ///
  /// @throws IllegalStateException where it is down
  public long addressSpaceBytes(String worker) {
    return slot(worker).addressSpaceBytes();
  }

  /// The memory of the running process, which must be a JVM; close it after use.
  ///
  /// @throws IllegalStateException where it is down
  public JvmMemory memory(String worker) {
    return slot(worker).memory();
  }

  /// Deletes all files on a worker's disk while it may run.
  ///
  /// @return how many there were
  public int loseFiles(String worker) {
    return slot(worker).loseFiles();
  }

  /// Empties the disk of a worker that is down.
  ///
  /// @return how many files there were
  public int wipe(String worker) {
    return slot(worker).wipe();
  }

  /// Keeps a copy of the disk of a worker that is down, to be put back later.
  ///
  /// @return how many files there were
  public int keepDisk(String worker) {
    return slot(worker).keepDisk();
  }

  /// Puts the copy that was kept in the place of the disk of a worker that is down.
  ///
  /// @return how many of its files had changed since
  public int putBackDisk(String worker) {
    return slot(worker).putBackDisk();
  }

  /// Exchanges the disks of two workers that are down.
  ///
  /// @return how many files each has now
  public List<Integer> exchangeDisks(String worker, String other) {
    return slot(worker).exchangeDisk(slot(other));
  }

  /// SIGSTOP; returns when it stands still.
  ///
  /// @return whether it does, within a second
  /// @throws IllegalStateException where it is down
  public boolean pause(String worker) throws InterruptedException {
    return slot(worker).pause(PAUSE_TIMEOUT);
  }

  /// SIGCONT; nothing where it is down.
  public void resume(String worker) {
    slot(worker).resume();
  }

  /// Whether SIGSTOP holds it.
  public boolean isPaused(String worker) {
    return slot(worker).isPaused();
  }

  /// Starts a second process for a worker that runs, on the same disk, and waits until it ends.
  ///
  /// @return how it ended, without exit status where it had to be killed, and the end of its log
  public Refusal startTwice(String worker, Duration timeout) throws InterruptedException {
    Child twin = slot(worker).startTwin();
    Instant from = clock.instant();
    boolean ended = false;
    try {
      ended = twin.awaitExit(timeout);
    } finally {
      if (!ended) {
        twin.kill();
      }
    }
    Duration after = Duration.between(from, clock.instant());
    OptionalInt status = ended ? twin.exitStatus() : OptionalInt.empty();
    return new Refusal(new Exit(worker, twin.pid(), status, after), twin.logTail(TAIL_LINES));
  }

  /// How a second process on the same disk ended.
  public record Refusal(Exit exit, String logTail) {}

  /// Damages one file on the disk of a worker that is down.
  ///
  /// @param choice chooses file and place
  /// @return what was done, empty where there is no file with content
  public Optional<String> damageDisk(String worker, DiskDamage damage, long choice) {
    return slot(worker).damageDisk(damage, choice);
  }

  /// Leaves files on the disk of a worker that is down, as crashes and moves do.
  ///
  /// @return how many
  public int litterDisk(String worker) {
    return slot(worker).litter();
  }

  /// Moves the disk of a worker that is down to a small file system of its own.
  ///
  /// @param free bytes that it has beside what the disk holds
  public void shrinkDisk(String worker, long free) throws InterruptedException {
    slot(worker).shrinkDisk(free);
  }

  /// Fills that disk to the brim.
  ///
  /// @return how many bytes still fitted
  public long fillDisk(String worker) {
    return slot(worker).fillDisk();
  }

  /// That disk has room again.
  public void unfillDisk(String worker) {
    slot(worker).unfillDisk();
  }

  public boolean isDiskSmall(String worker) {
    return slot(worker).isDiskSmall();
  }

  /// Moves the disk of a worker that is down back to where it was.
  public void restoreDisk(String worker) throws InterruptedException {
    slot(worker).restoreDisk();
  }

  /// Adds a worker, with the next name, and starts it.
  public Incarnation add() {
    return start(locked(this::newSlot));
  }

  /// Forgets a worker that is down.
  public void remove(String worker) {
    Slot slot = slot(worker);
    if (slot.isRunning()) {
      throw new IllegalStateException("Worker " + worker + " runs; stop it before it is removed");
    }
    noteUnexpectedExits();
    locked(() -> slots.remove(worker));
  }

  /// The next exit of the running process is no surprise.
  public void expectExit(String worker) {
    slot(worker).expectExit();
  }

  public boolean isReady(String worker) throws InterruptedException {
    return isRunning(worker) && endpoint(worker).isOk("/readyz");
  }

  /// Polls `/readyz` until it is ready, down, or time is up.
  public Readiness awaitReady(String worker, Duration timeout) throws InterruptedException {
    Slot slot = slot(worker);
    long from = System.nanoTime();
    while (true) {
      if (!slot.isRunning()) {
        return slot.down();
      }
      boolean ready = isReady(worker);
      Duration waited = Duration.ofNanos(System.nanoTime() - from);
      if (ready) {
        return new Readiness.Ready(waited);
      }
      if (waited.compareTo(timeout) > 0) {
        return new Readiness.NotReady(waited);
      }
      Thread.sleep(POLL);
    }
  }

  /// Waits for the initial workers; the time-out is for all together.
  public Map<String, Readiness> awaitAllReady(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<String, Readiness> result = new LinkedHashMap<>();
    for (String worker : initial) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      result.put(worker, awaitReady(worker, left));
    }
    return result;
  }

  /// The failpoints of the process that runs now; ask again after a restart.
  public Failpoints failpoints(String worker) {
    return new Failpoints(endpoint(worker));
  }

  /// How many table partitions the worker says are recovering (`GET /verify`), 0 where it does not
  /// answer.
  public int recovering(String worker) throws InterruptedException {
    try {
      int count = 0;
      for (JsonNode node : JsonMapper.shared().readTree(endpoint(worker).get("/verify").body())) {
        count += node.path("state").asString("").equals("recovering") ? 1 : 0;
      }
      return count;
    } catch (IOException | JacksonException _) {
      return 0;
    }
  }

  /// Copies of table partitions that a worker keeps for others.
  ///
  /// @param warm of these, how many are known to be hardly behind
  public record Copies(int all, int warm) {}

  /// The copies that the worker says it keeps for others, none where it does not answer.
  ///
  /// @param path where it says so, in the form of `GET /verify`
  public Copies copies(String worker, String path) throws InterruptedException {
    try {
      int all = 0;
      int warm = 0;
      for (JsonNode node : JsonMapper.shared().readTree(endpoint(worker).get(path).body())) {
        boolean standby = node.path("role").asString("").equals("standby");
        all += standby ? 1 : 0;
        warm += standby && node.path("state").asString("").equals("running") ? 1 : 0;
      }
      return new Copies(all, warm);
    } catch (IOException | JacksonException _) {
      return new Copies(0, 0);
    }
  }

  /// All processes so far that ended although nobody here had ended them.
  public List<UnexpectedExit> unexpectedExits() {
    noteUnexpectedExits();
    return locked(() -> List.copyOf(unexpected));
  }

  private void noteUnexpectedExits() {
    for (Slot slot : all()) {
      slot.takeUnexpectedExit().ifPresent(exit -> locked(() -> unexpected.add(exit)));
    }
  }

  /// Kills all workers that run. Their disks stay below the scratch folder.
  @Override
  public void close() {
    noteUnexpectedExits();
    for (Slot slot : all()) {
      try {
        slot.kill();
      } catch (IllegalStateException _) {
        // it is down already, which is what was wanted
      }
    }
    removeSmallDisks();
    http.shutdownNow();
  }

  /// A run that is broken off must not leave a mount; an interrupt is kept for later.
  private void removeSmallDisks() {
    boolean interrupted = Thread.interrupted();
    try {
      for (Slot slot : all()) {
        if (slot.isDiskSmall()) {
          slot.restoreDisk();
        }
      }
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String newSlot() {
    named++;
    String name = "w" + named;
    slots.put(name, new Slot(name, command, processes, logs, clock, preload));
    return name;
  }

  private Endpoint endpoint(String worker) {
    return slot(worker)
        .incarnation()
        .map(incarnation -> new Endpoint(http, incarnation.endpoint()))
        .orElseThrow(() -> new IllegalStateException("Worker " + worker + " was never started"));
  }

  private Slot slot(String worker) {
    Slot slot = locked(() -> Optional.ofNullable(slots.get(worker))).orElse(null);
    if (slot == null) {
      throw new IllegalArgumentException("No worker " + worker + " among " + names());
    }
    return slot;
  }

  private List<Slot> all() {
    return locked(() -> List.copyOf(slots.values()));
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
