package dev.gretchen.verifier.progress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tells the progress of a run or a soak in a file of its folder, which goes when it is closed.
///
/// A reader sees the old file or the new one, never half of one. What cannot be written is not
/// told: nobody's run ends because nobody can look on.
///
/// For one thread at a time.
public final class ProgressFile implements AutoCloseable {

  /// The file's name.
  public static final String NAME = "progress.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SAID_MAX = 12;

  private final Path file;
  private final Path draft;
  private final InstantSource clock;
  private final Deque<String> said = new ArrayDeque<>();
  private double share;
  private String state = "";
  private boolean closed;

  /// @param folder of the run or the soak
  public ProgressFile(Path folder, InstantSource clock) {
    this.file = folder.resolve(NAME);
    this.draft = folder.resolve("." + NAME + ".part");
    this.clock = clock;
  }

  /// Something happened.
  public void said(String line) {
    said.addLast(line);
    if (said.size() > SAID_MAX) {
      said.removeFirst();
    }
    write();
  }

  /// So far it has come.
  ///
  /// @param done 0 to 1
  public void stands(double done, String how) {
    share = Math.clamp(done, 0, 1);
    state = how;
    write();
  }

  private void write() {
    if (closed) {
      return;
    }
    Progress progress = new Progress(clock.millis(), share, state, List.copyOf(said));
    try {
      Files.writeString(draft, JSON.writeValueAsString(progress) + "\n");
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException _) {
      // the next line tries again
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      Files.deleteIfExists(draft);
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // it grows old, and then nobody believes it
    }
  }

  /// What is told in a folder.
  ///
  /// @return empty where nothing is, or nothing that can be read
  public static Optional<Progress> read(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      return Optional.of(JSON.readValue(Files.readString(file), Progress.class));
    } catch (NoSuchFileException | JacksonException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
