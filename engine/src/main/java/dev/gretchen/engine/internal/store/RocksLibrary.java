package dev.gretchen.engine.internal.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// RocksDB's native library, kept unpacked beside a worker's tables.
///
/// Left to itself, RocksDB unpacks it from its jar at each start into the system's folder for
/// temporary files, and a process that is killed leaves it there: fifteen megabytes each time.
/// Kept, it costs a restart no more than being read. What lies there is used only if size and
/// checksum are those of the jar, so neither another version nor a damaged file is ever loaded.
public final class RocksLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(RocksLibrary.class);

  private RocksLibrary() {}

  /// Loads the library, unless it is loaded already. Where it cannot be kept, RocksDB has its way.
  public static void loadFrom(Path directory) {
    try {
      Optional<Path> kept = kept(directory);
      if (kept.isPresent()) {
        RocksDB.loadLibrary(List.of(directory.toAbsolutePath().toString()));
        return;
      }
    } catch (IOException | UnsatisfiedLinkError cause) {
      LOG.atWarn()
          .addKeyValue("directory", directory)
          .addKeyValue("cause", cause.toString())
          .log("RocksDB's library cannot be kept, it is unpacked anew at each start");
    }
    RocksDB.loadLibrary();
  }

  /// The library's file, unpacked if need be; empty where it does not come from a jar.
  static Optional<Path> kept(Path directory) throws IOException {
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL resource = RocksDB.class.getClassLoader().getResource(name);
    if (resource == null || !(resource.openConnection() instanceof JarURLConnection connection)) {
      return Optional.empty();
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      JarEntry entry = connection.getJarEntry();
      Path file = directory.resolve(name);
      if (!isSame(file, entry)) {
        Files.createDirectories(directory);
        Path unpacked = Files.createTempFile(directory, name, ".new");
        try (InputStream packed = jar.getInputStream(entry)) {
          Files.copy(packed, unpacked, StandardCopyOption.REPLACE_EXISTING);
          Files.move(
              unpacked, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(unpacked);
        }
      }
      return Optional.of(file);
    }
  }

  private static boolean isSame(Path file, JarEntry entry) throws IOException {
    if (!Files.exists(file) || Files.size(file) != entry.getSize()) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      CRC32 checksum = new CRC32();
      checksum.update(content);
      return checksum.getValue() == entry.getCrc();
    }
  }
}
