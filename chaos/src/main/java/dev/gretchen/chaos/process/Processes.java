package dev.gretchen.chaos.process;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Starts child processes and leaves none behind: not after success, failure or Ctrl-C, nor when
/// this JVM itself is killed.
///
/// Three mechanisms together:
/// - A *watcher* process knows each child's pid and start time and holds one end of a pipe of which
///   this JVM holds the other. The kernel closes ours however we die; the watcher then SIGKILLs all
///   that remain and, where asked to, removes the scratch folder.
/// - A *gate*: a child begins as a shell that waits for one line on its standard input before it
///   becomes the program. The line is sent after the watcher was told; had we died in between, the
///   gate reads the end of its input and exits. So there is no moment in which a child runs that
///   nobody knows.
/// - Each child leads a *session* of its own (where `setsid` exists): a terminal's Ctrl-C reaches
///   only us, and a signal to the child's group also reaches what it started.
///
/// What children put aside goes with them too: each has a folder of its own for temporary files,
/// below the scratch folder, which is removed when it has ended. A process that gets SIGKILL cleans
/// up nothing, and one that keeps its state in RocksDB unpacks fifteen megabytes at each start.
public final class Processes implements AutoCloseable {
  /// How long the watcher may take to end, which includes removal of the scratch folder.
  static final Duration WATCHER_TIMEOUT = Duration.ofSeconds(30);

  private static final String GATE = "IFS= read -r go || exit 125; exec \"$@\"";

  /// What names a process's folder for temporary files: by POSIX, and where RocksDB's library is
  /// unpacked, which asks for no other. A JVM has no such name.
  private static final List<String> TEMPORARY = List.of("TMPDIR", "ROCKSDB_SHAREDLIB_DIR");

  private final Path scratch;
  private final boolean temporary;
  private final Watcher watcher;
  private final Leftovers leftovers;
  private final List<String> session = Signals.sessionPrefix();
  private final ReentrantLock starting = new ReentrantLock();
  private final ReentrantLock closing = new ReentrantLock();
  private final Map<Child, Path> children = new LinkedHashMap<>(); // guarded by starting
  private boolean closed; // guarded by starting
  private boolean closeFinished; // guarded by closing

  private Processes(Path scratch, boolean temporary, Leftovers leftovers) {
    this.scratch = scratch;
    this.temporary = temporary;
    this.leftovers = leftovers;
    this.watcher = Watcher.start(session, scratch, temporary);
  }

  /// Opens with a scratch folder that stays. It is created where absent.
  public static Processes open(Path scratch) {
    return open(scratch, false, Leftovers.unrecorded());
  }

  /// Opens with a scratch folder that is removed at close, or by the watcher should this JVM die.
  /// It must be absent or empty, so that nobody's files are lost.
  public static Processes openTemporary(Path scratch) {
    return open(scratch, true, Leftovers.unrecorded());
  }

  /// The same, with a journal of what is in force, see [Heal]. It is closed with the processes.
  public static Processes openTemporary(Path scratch, Leftovers leftovers) {
    return open(scratch, true, leftovers);
  }

  private static Processes open(Path scratch, boolean temporary, Leftovers leftovers) {
    Path folder = scratch.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      if (temporary && !Folders.isEmpty(folder)) {
        throw new EnvironmentFailure(
            "The scratch folder " + folder + " is not empty: name one that may be removed.");
      }
      return new Processes(folder, temporary, leftovers);
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "The scratch folder " + folder + " cannot be used: " + Folders.reason(e), e);
    }
  }

  public Path scratch() {
    return scratch;
  }

  /// Where whatever outlives this JVM is noted.
  Leftovers leftovers() {
    return leftovers;
  }

  /// Starts a child; it runs when this returns. A program that does not exist shows as exit status
  /// 127 and a line in its log.
  ///
  /// @throws EnvironmentFailure where no process can be started or watched
  public Child start(Launch launch) {
    starting.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            launch.name() + " cannot be started: these processes are closed");
      }
      Path own = Files.createTempDirectory(scratch, "temporary-");
      Child child = new Child(launch, spawn(launch, own), this::gone);
      register(child);
      children.put(child, own);
      child.awaitExitInBackground();
      return child;
    } catch (IOException e) {
      throw new EnvironmentFailure(launch.name() + " cannot be started: " + Folders.reason(e), e);
    } finally {
      starting.unlock();
    }
  }

  private Process spawn(Launch launch, Path temporaryFiles) throws IOException {
    List<String> command = new ArrayList<>(session);
    command.addAll(List.of(Signals.SHELL, "-c", GATE, launch.name()));
    command.addAll(launch.command());
    Path folder = launch.log().toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    File log = launch.log().toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    TEMPORARY.forEach(name -> builder.environment().put(name, temporaryFiles.toString()));
    builder.environment().putAll(launch.environment());
    return builder.start();
  }

  private void register(Child child) throws IOException {
    try {
      watcher.add(child.token());
      child.noted(leftovers.add(new Leftover.Running(child.name(), child.token())));
      child.openGate();
    } catch (IOException | RuntimeException e) {
      child.process().destroyForcibly();
      throw e;
    }
  }

  private void gone(Child child) {
    Path temporaryFiles;
    starting.lock();
    try {
      temporaryFiles = children.remove(child);
      if (temporaryFiles == null) {
        return;
      }
      watcher.forget(child.token());
      child.forgotten();
    } finally {
      starting.unlock();
    }
    remove(temporaryFiles);
  }

  private static void remove(Path temporaryFiles) {
    try {
      Folders.delete(temporaryFiles);
    } catch (IOException _) {
      // somebody whom the child has started may still write there: it goes with the scratch folder
    }
  }

  /// The children that run now, oldest first.
  public List<Child> running() {
    starting.lock();
    try {
      return children.keySet().stream().filter(Child::isAlive).toList();
    } finally {
      starting.unlock();
    }
  }

  /// Kills all children and returns when they are gone. Further calls, from any thread, wait for
  /// the first and do nothing.
  ///
  /// @throws EnvironmentFailure where a process survived; the watcher goes on trying
  @Override
  public void close() {
    closing.lock();
    try {
      if (closeFinished) {
        return;
      }
      closeFinished = true;
      killAll();
    } finally {
      closing.unlock();
    }
  }

  private void killAll() {
    Map<Child, Path> open;
    starting.lock();
    try {
      closed = true;
      open = Map.copyOf(children);
    } finally {
      starting.unlock();
    }
    Set<Child> remaining = open.keySet();
    remaining.forEach(Child::sendKill);
    List<String> survivors = new ArrayList<>();
    for (Child child : remaining) {
      if (!child.awaitGone(Child.KILL_TIMEOUT)) {
        survivors.add(child.toString());
      }
    }
    boolean watcherEnded = watcher.finish(WATCHER_TIMEOUT);
    remaining.forEach(Child::forgotten);
    open.values().forEach(Processes::remove);
    leftovers.close();
    if (temporary) {
      try {
        Folders.delete(scratch);
      } catch (IOException e) {
        throw new EnvironmentFailure(
            "The scratch folder " + scratch + " cannot be removed: " + Folders.reason(e), e);
      }
    }
    if (!survivors.isEmpty()) {
      throw new EnvironmentFailure("These processes survived SIGKILL: " + survivors);
    }
    if (!watcherEnded) {
      throw new EnvironmentFailure(
          "The watcher process has not ended within " + WATCHER_TIMEOUT.toSeconds() + " s");
    }
  }

  /// The pipe to the watcher process. All calls come from a thread that holds the lock of its
  /// owner, but for [#finish].
  private record Watcher(Process process, OutputStream pipe) {
    private static final String SCRIPT = "watcher.sh";

    static Watcher start(List<String> session, Path scratch, boolean remove) {
      List<String> command = new ArrayList<>(session);
      command.addAll(List.of(Signals.SHELL, "-c", script(), "gretchen-watcher"));
      command.addAll(List.of(scratch.toString(), remove ? "remove" : "keep"));
      try {
        Process process =
            new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Watcher(process, process.getOutputStream());
      } catch (IOException e) {
        throw new EnvironmentFailure(
            "The watcher process cannot be started (it needs " + Signals.SHELL + ")", e);
      }
    }

    private static String script() {
      try (var in = Processes.class.getResourceAsStream(SCRIPT)) {
        if (in == null) {
          throw new IllegalStateException(SCRIPT + " is missing from the class path");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void add(String token) {
      try {
        say("+" + token);
      } catch (IOException e) {
        throw new EnvironmentFailure(
            "The watcher process has died, so no child can be started safely", e);
      }
    }

    void forget(String token) {
      try {
        say("-" + token);
      } catch (IOException _) {
        // it has died: the next start reports that, and a process that is gone needs no watcher
      }
    }

    private void say(String line) throws IOException {
      pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      pipe.flush();
    }

    boolean finish(Duration timeout) {
      try {
        pipe.close();
      } catch (IOException _) {
        // it has died already
      }
      return Waits.exited(process, timeout);
    }
  }
}
