package dev.gretchen.chaos.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a bad disk does to a file.
public enum DiskDamage {
  /// One bit is another.
  FLIPPED_BIT,
  /// Its second half is gone.
  TRUNCATED,
  /// One bit is another, of the file that lists the others.
  FLIPPED_BIT_OF_MANIFEST;

  /// Tables of RocksDB first: the rest is read at each start, and damage there shows anyway.
  private static final String TABLE = ".sst";

  /// What RocksDB calls its list of files.
  private static final String MANIFEST = "MANIFEST";

  private static final int BITS = 8;

  /// Damages one file of a folder.
  ///
  /// @param choice chooses file and place
  /// @return what was done to which file, empty where no file has content
  Optional<String> damage(Path folder, long choice) throws IOException {
    List<Path> files = filesWithContent(folder);
    List<Path> preferred = files.stream().filter(this::prefers).toList();
    List<Path> candidates = preferred.isEmpty() ? files : preferred;
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    Path file = candidates.get(Math.floorMod(choice, candidates.size()));
    String name = folder.relativize(file).toString();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      return Optional.of(
          switch (this) {
            case FLIPPED_BIT, FLIPPED_BIT_OF_MANIFEST -> {
              long place = Math.floorMod((choice * 0x9e3779b97f4a7c15L) >>> 1, size);
              flip(channel, place, Math.floorMod(choice, BITS));
              yield "a bit flipped in byte %d of %d of %s".formatted(place, size, name);
            }
            case TRUNCATED -> {
              channel.truncate(size / 2);
              yield "%s cut from %d to %d bytes".formatted(name, size, size / 2);
            }
          });
    }
  }

  private boolean prefers(Path file) {
    String name = String.valueOf(file.getFileName());
    return this == FLIPPED_BIT_OF_MANIFEST ? name.startsWith(MANIFEST) : name.endsWith(TABLE);
  }

  private static List<Path> filesWithContent(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> Files.isRegularFile(path) && path.toFile().length() > 0)
          .sorted()
          .toList();
    }
  }

  private static void flip(FileChannel channel, long place, int bit) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, place);
    one.put(0, (byte) (one.get(0) ^ (1 << bit)));
    one.flip();
    channel.write(one, place);
  }
}
