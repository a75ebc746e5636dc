package dev.gretchen.chaos.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whole folders, and the ends of log files.
public final class Folders {
  private static final int TAIL_BYTES_MAX = 16 * 1024;

  private Folders() {}

  public static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  /// Deletes a folder with all that it holds; links are deleted, not followed. An absent folder is
  /// fine.
  ///
  /// @return how many files there were, folders not counted
  public static int delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    Deletion deletion = new Deletion(true);
    Files.walkFileTree(folder, deletion);
    return deletion.files;
  }

  /// Deletes the files that a folder holds, at any depth, and leaves the folders; somebody may
  /// still have them open, and add others meanwhile.
  ///
  /// @return how many there were
  public static int deleteFiles(Path folder) throws IOException {
    Deletion deletion = new Deletion(false);
    Files.walkFileTree(folder, deletion);
    return deletion.files;
  }

  /// Copies a folder with all that it holds to where nothing is.
  ///
  /// @return how many files there were, folders not counted
  public static int copy(Path from, Path to) throws IOException {
    int files = 0;
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
          files++;
        }
      }
    }
    return files;
  }

  /// How many files of a folder are not, or not with the same content, in another.
  public static int differing(Path folder, Path other) throws IOException {
    int differing = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        Path twin = other.resolve(folder.relativize(path).toString());
        differing += Files.isRegularFile(twin) && Files.mismatch(path, twin) < 0 ? 0 : 1;
      }
    }
    return differing;
  }

  /// How many files a folder holds, at any depth.
  public static int files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return (int) all.filter(Files::isRegularFile).count();
    }
  }

  /// The last lines of a file, empty where it cannot be read.
  public static String tail(Path file, int lines) {
    try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, reader.length() - TAIL_BYTES_MAX);
      byte[] bytes = new byte[(int) (reader.length() - from)];
      reader.seek(from);
      reader.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException _) {
      return "";
    }
  }

  /// What an exception of the file system means to a user.
  public static String reason(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left on device")
        ? "the disk is full; free some space or choose another folder"
        : message;
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final boolean folders;
    private int files;

    /// @param folders whether they go too
    Deletion(boolean folders) {
      this.folders = folders;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      files++;
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (folders) {
        Files.deleteIfExists(folder);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
