package dev.gretchen.chaos.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A folder that lies on a small file system of its own for a while, so that it can be full. It
/// needs the right to mount. Confined to one thread.
public final class SmallDisk {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String FILLER = "filler";
  private static final int PIECE_BYTES = 4 << 10;

  private final Path folder;
  private final Path aside;
  private final Leftovers.Entry entry;

  private SmallDisk(Path folder, Path aside, Leftovers.Entry entry) {
    this.folder = folder;
    this.aside = aside;
    this.entry = entry;
  }

  /// Mounts it over a folder and moves the folder's content there.
  ///
  /// @param free bytes that it has beside what the folder holds
  /// @throws IOException where it cannot be mounted; the folder is as it was then
  public static SmallDisk mount(Path folder, long free, Processes processes)
      throws IOException, InterruptedException {
    Path aside = folder.resolveSibling(folder.getFileName() + ".aside");
    Folders.delete(aside);
    long bytes = size(folder) + free;
    Files.move(folder, aside);
    Files.createDirectory(folder);
    Leftovers.Entry entry = processes.leftovers().add(new Leftover.Mounted(folder));
    try {
      run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "none", folder.toString());
    } catch (IOException e) {
      Files.delete(folder);
      Files.move(aside, folder);
      entry.over();
      throw e;
    }
    Folders.copy(aside, folder);
    Folders.delete(aside);
    return new SmallDisk(folder, aside, entry);
  }

  private static long size(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.mapToLong(path -> path.toFile().isFile() ? path.toFile().length() : 0).sum();
    }
  }

  /// Writes until nothing fits any more.
  ///
  /// @return how many bytes did
  public long fill() throws IOException {
    long written = 0;
    byte[] piece = new byte[PIECE_BYTES];
    try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
      while (true) {
        out.write(piece);
        written += piece.length;
      }
    } catch (IOException full) {
      if (Files.getFileStore(folder).getUsableSpace() >= PIECE_BYTES) {
        throw full;
      }
      return written;
    }
  }

  /// There is room again.
  public void unfill() throws IOException {
    Files.deleteIfExists(folder.resolve(FILLER));
  }

  /// Moves the content back and unmounts; nobody may use the folder then.
  public void unmount() throws IOException, InterruptedException {
    unfill();
    Folders.delete(aside);
    Folders.copy(folder, aside);
    run("umount", folder.toString());
    entry.over();
    Files.delete(folder);
    Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
      throw new IOException(command[0] + " failed: " + output.strip());
    }
  }
}
