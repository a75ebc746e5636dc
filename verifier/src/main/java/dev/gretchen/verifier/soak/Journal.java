package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What a soak has done, a line each, from which it goes on after SIGKILL, a power cut or Ctrl-C.
///
/// **Durability.** A line is on the disk when [#append] returns; so at most the last line can be
/// cut off, at any byte. Such a line is no line: what it would have told did not happen, and the
/// next one takes its place. A line in the middle that cannot be read is damage, and is said.
///
/// **One soak at a time.** The file is locked while it is open; the lock goes with the process.
///
/// For one thread, whom an interrupt does not disturb.
public final class Journal implements AutoCloseable {

  /// The journal's name in the folder of a soak.
  public static final String FILE = "journal.ndjson";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte LINE_FEED = '\n';

  private final Path file;
  private final RandomAccessFile lines;
  private final List<Entry> entries = new ArrayList<>();

  private Journal(Path file, RandomAccessFile lines) {
    this.file = file;
    this.lines = lines;
  }

  /// Opens the journal of a folder at its end, making it where there is none yet.
  ///
  /// @throws EnvironmentFailure where it cannot be read or written, is damaged, or another process
  ///   has it open
  public static Journal open(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      // not a channel: an interrupt would close that
      RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw");
      Journal journal = new Journal(file, lines);
      try {
        journal.lock();
        journal.readBack();
        return journal;
      } catch (IOException | RuntimeException e) {
        lines.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private void lock() throws IOException {
    boolean locked;
    try {
      locked = lines.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException _) {
      locked = false;
    }
    if (!locked) {
      throw new EnvironmentFailure(
          "The soak of " + file.getParent() + " goes on already, in another process");
    }
  }

  private void readBack() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(lines.length())];
    lines.readFully(bytes);
    int whole = parse(file, bytes, entries);
    lines.setLength(whole);
    lines.seek(whole);
  }

  /// @return how many of the bytes are whole lines
  private static int parse(Path file, byte[] bytes, List<Entry> into) {
    int whole = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == LINE_FEED) {
        String line = new String(bytes, whole, i - whole, StandardCharsets.UTF_8);
        try {
          into.add(JSON.readValue(line, Entry.class));
        } catch (JacksonException e) {
          throw new EnvironmentFailure(
              "%s:%d is damaged (%s); begin another soak"
                  .formatted(file, into.size() + 1, e.getOriginalMessage()),
              e);
        }
        whole = i + 1;
      }
    }
    return whole;
  }

  /// The lines of a folder's journal, for somebody who looks on while a soak may go on: it is not
  /// locked, and a line that is being written is left out.
  ///
  /// @throws EnvironmentFailure where it cannot be read, or is damaged
  public static List<Entry> read(Path folder) {
    Path file = folder.resolve(FILE);
    List<Entry> entries = new ArrayList<>();
    try {
      parse(file, Files.readAllBytes(file), entries);
      return List.copyOf(entries);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /// All lines, the oldest first.
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /// Appends a line and has it written to the disk.
  ///
  /// @throws EnvironmentFailure where that fails
  public void append(Entry entry) {
    byte[] line = (JSON.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      lines.write(line);
      lines.getFD().sync();
      entries.add(entry);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static EnvironmentFailure unusable(Path file, IOException cause) {
    return new EnvironmentFailure(
        "The journal %s cannot be used: %s".formatted(file, cause.getMessage()), cause);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }
}
