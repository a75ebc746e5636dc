package dev.gretchen.chaos.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What crashes and moves leave lying about on a disk: a lock that nobody holds, a file that was
/// only half written, a table that no list names, and the folders of what was here once.
final class Litter {
  private static final String ORPHAN = ".orphan";

  /// A folder that holds more is no state of a small test, and is not copied.
  private static final long BYTES_MAX = 8 << 20;

  /// What RocksDB calls its tables: a number, and this.
  private static final String TABLE = ".sst";

  private static final byte[] HALF = new byte[4_096];

  private Litter() {}

  /// @return how many files lie there now that nobody has written there
  static int strew(Path folder) throws IOException {
    int strewn = 0;
    for (Path directory : directories(folder)) {
      List<Path> files = files(directory);
      if (!files.isEmpty() && size(files) <= BYTES_MAX) {
        strewn += orphan(folder, directory, files) + unlisted(files);
      }
    }
    strewn += write(folder.resolve("LOCK"), new byte[0]);
    strewn += write(folder.resolve("half-written.tmp"), HALF);
    return strewn;
  }

  private static List<Path> directories(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isDirectory)
          .filter(path -> !path.toString().contains(ORPHAN))
          .toList();
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static long size(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /// A copy beside the folder, or in it where it is the whole disk.
  private static int orphan(Path folder, Path directory, List<Path> files) throws IOException {
    Path copy =
        directory.equals(folder)
            ? folder.resolve("old" + ORPHAN)
            : directory.resolveSibling(directory.getFileName() + ORPHAN);
    if (Files.exists(copy)) {
      return 0;
    }
    Files.createDirectory(copy);
    for (Path file : files) {
      Files.copy(file, copy.resolve(name(file)));
    }
    return files.size();
  }

  /// The last table once more, under the next number.
  private static int unlisted(List<Path> files) throws IOException {
    Optional<Path> last =
        files.stream().filter(file -> name(file).matches("\\d+\\" + TABLE)).reduce((_, b) -> b);
    if (last.isEmpty()) {
      return 0;
    }
    long number = Long.parseLong(name(last.get()).replace(TABLE, ""));
    Path copy = last.get().resolveSibling("%06d%s".formatted(number + 1, TABLE));
    if (Files.exists(copy)) {
      return 0;
    }
    Files.copy(last.get(), copy);
    return 1;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static int write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file)) {
      return 0;
    }
    Files.write(file, bytes);
    return 1;
  }
}
