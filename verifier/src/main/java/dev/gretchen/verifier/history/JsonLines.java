package dev.gretchen.verifier.history;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Small histories as lines of JSON, one record each. Appending flushes each line and is for one
/// thread; a last line that was cut off is left out by the reader.
public final class JsonLines {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JsonLines() {}

  /// Appends records of one type to a file.
  public static final class Writer<T extends Record> implements AutoCloseable {
    private final BufferedWriter file;

    /// Opens a file at its end, creating it where it is not there.
    public Writer(Path path) {
      try {
        Files.createDirectories(path.toAbsolutePath().getParent());
        this.file =
            Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + path, e);
      }
    }

    /// Appends a line.
    public void append(T record) {
      try {
        file.write(JSON.writeValueAsString(record));
        file.write('\n');
        file.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot append to the history; is the disk full?", e);
      }
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a history file", e);
      }
    }
  }

  /// Streams the records of a file; none where there is no such file. The file is closed at the
  /// end.
  public static <T extends Record> Iterator<T> read(Path path, Class<T> type) {
    if (!Files.exists(path)) {
      return Collections.emptyIterator();
    }
    try {
      return new Lines<>(path, Files.newBufferedReader(path), type);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private static final class Lines<T extends Record> implements Iterator<T> {
    private final Path path;
    private final BufferedReader file;
    private final Class<T> type;
    private @Nullable T next;
    private @Nullable String ahead;

    Lines(Path path, BufferedReader file, Class<T> type) throws IOException {
      this.path = path;
      this.file = file;
      this.type = type;
      this.ahead = file.readLine();
      this.next = parse();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public T next() {
      T current = next;
      if (current == null) {
        throw new NoSuchElementException();
      }
      next = parse();
      return current;
    }

    private @Nullable T parse() {
      String line = ahead;
      try {
        if (line == null) {
          file.close();
          return null;
        }
        ahead = file.readLine();
        return JSON.readValue(line, type);
      } catch (JacksonException e) {
        if (ahead == null) {
          return null;
        }
        throw new HistoryDamaged(
            path + " holds a line that is not JSON: " + e.getOriginalMessage());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + path, e);
      }
    }
  }
}
