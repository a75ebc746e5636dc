package dev.gretchen.chaos.process;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The journal of what is in force: what would be left on the machine if this JVM died now, from
/// which [Heal] cleans up. A line is on its way to the disk before the thing comes into being, and
/// another when it is gone; the first line names us. Any thread; an interrupt does not disturb it.
public final class Leftovers implements AutoCloseable {
  /// The journal's name in the folder of a run.
  public static final String FILE = "in-force.ndjson";

  private final @Nullable Path file;
  private final @Nullable OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private long number; // guarded by lock
  private int open; // guarded by lock
  private boolean closed; // guarded by lock

  private Leftovers(@Nullable Path file, @Nullable OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /// Nobody writes anything down.
  public static Leftovers unrecorded() {
    return new Leftovers(null, null);
  }

  /// Begins a journal.
  ///
  /// @throws EnvironmentFailure where it cannot be written
  public static Leftovers open(Path file) {
    try {
      Leftovers journal =
          new Leftovers(file, new FileOutputStream(Files.createFile(file).toFile()));
      long pid = ProcessHandle.current().pid();
      ObjectNode head = JsonMapper.shared().createObjectNode();
      head.put("controller", pid + ":" + Signals.startTime(pid).orElse("-"));
      journal.write(head);
      return journal;
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /// Notes something that is about to come into being.
  Entry add(Leftover leftover) {
    lock.lock();
    try {
      number++;
      open++;
      ObjectNode line = JsonMapper.shared().createObjectNode();
      line.put("number", number);
      switch (leftover) {
        case Leftover.Running(String name, String token) ->
            line.put("process", token).put("name", name);
        case Leftover.Mounted(Path folder) -> line.put("mount", folder.toString());
      }
      write(line);
      return new Entry(number);
    } finally {
      lock.unlock();
    }
  }

  /// One thing that is noted.
  final class Entry {
    private final long id;

    private Entry(long id) {
      this.id = id;
    }

    /// It is gone.
    void over() {
      lock.lock();
      try {
        open--;
        ObjectNode line = JsonMapper.shared().createObjectNode();
        line.put("over", id);
        write(line);
      } finally {
        lock.unlock();
      }
    }
  }

  private void write(ObjectNode line) {
    lock.lock();
    try {
      if (out != null && !closed) {
        // no force: what is written survives us, and after a crash of the machine nothing is left
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }

  private static EnvironmentFailure failure(@Nullable Path file, IOException cause) {
    return new EnvironmentFailure(
        "The journal " + file + " cannot be written: " + Folders.reason(cause), cause);
  }

  /// Ends the journal; where nothing is left, the file goes too.
  @Override
  public void close() {
    lock.lock();
    try {
      if (out != null && !closed) {
        closed = true;
        out.close();
        if (open == 0 && file != null) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw failure(file, e);
    } finally {
      lock.unlock();
    }
  }
}
