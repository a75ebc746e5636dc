package dev.gretchen.chaos.process;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A library of ours that child processes load before all others (`LD_PRELOAD`), and that answers
/// them in the kernel's place: for the wall clock, and for what they write below one folder.
///
/// Its source is a resource and is compiled here, with the C compiler of the machine, which takes a
/// fraction of a second; so nothing has to be installed or shipped. It gets its orders from a file
/// that both sides map, one for each child by name, so that they change while the child runs, and
/// writes there what it has done, which is the proof of its effect. Until it is told something it
/// passes all on. It ends with its process. Any thread.
public final class Preload {
  private static final String SOURCE = "preload.c";
  private static final Duration COMPILE_TIMEOUT = Duration.ofSeconds(30);
  private static final int AHEAD = 0;
  private static final int FAILING = 8;
  private static final int SHIFTED = 16;
  private static final int FAILED = 24;
  private static final int DELAY = 32;
  private static final int DELAYED = 40;
  private static final int SIZE = 48;

  /// What a child's folder lies on.
  public enum Disk {
    /// A disk that works.
    SOUND(0),
    /// All that is written fails with EIO.
    FAILING(5),
    /// Nothing can be written, made, renamed or deleted: EROFS, as on a file system that the kernel
    /// has found damaged.
    READ_ONLY(30);

    private final int errno;

    Disk(int errno) {
      this.errno = errno;
    }
  }

  private final Path folder;
  private final Path library;

  private Preload(Path folder, Path library) {
    this.folder = folder;
    this.library = library;
  }

  /// Compiles the library.
  ///
  /// @param folder for the library and its orders, which is created
  /// @throws EnvironmentFailure where there is no C compiler, or it does not compile
  public static Preload build(Path folder) throws InterruptedException {
    try {
      Path home = Files.createDirectories(folder).toRealPath();
      Path source = home.resolve(SOURCE);
      try (var in = Preload.class.getResourceAsStream(SOURCE)) {
        if (in == null) {
          throw new IllegalStateException(SOURCE + " is missing from the class path");
        }
        Files.write(source, in.readAllBytes());
      }
      Path library = home.resolve("preload.so");
      compile(
          List.of(
              "cc",
              "-shared",
              "-fPIC",
              "-O2",
              "-o",
              library.toString(),
              source.toString(),
              "-ldl"));
      return new Preload(home, library);
    } catch (IOException e) {
      throw new EnvironmentFailure("cc cannot compile a library: " + Folders.reason(e), e);
    }
  }

  private static void compile(List<String> command) throws IOException, InterruptedException {
    Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    compiler.getOutputStream().close();
    String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!compiler.waitFor(COMPILE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      compiler.destroyForcibly();
      throw new IOException("no answer within " + COMPILE_TIMEOUT.toSeconds() + " s");
    }
    if (compiler.exitValue() != 0) {
      throw new IOException(output.strip());
    }
  }

  /// What a child needs in its environment.
  ///
  /// @param name of the child, the same for all its processes
  /// @param writes the folder below which writes can be made to fail
  public Map<String, String> environment(String name, Path writes) {
    try {
      Path orders = orders(name);
      if (!Files.exists(orders)) {
        Files.write(orders, new byte[SIZE]);
      }
      return Map.of(
          "LD_PRELOAD",
          library.toString(),
          "GRETCHEN_PRELOAD_CONTROL",
          orders.toString(),
          "GRETCHEN_PRELOAD_FOLDER",
          writes.toRealPath().toString());
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /// From now on the child's wall clock is ahead by that much, behind where it is negative, and
  /// right with zero.
  public void setClockAhead(String name, Duration ahead) {
    write(name, AHEAD, ahead.toNanos());
  }

  /// How often the child was told a wrong time so far.
  public long wrongTimes(String name) {
    return read(name, SHIFTED);
  }

  /// From now on the child's folder lies on such a disk.
  public void setDisk(String name, Disk disk) {
    write(name, FAILING, disk.errno);
  }

  /// How many writes and other changes of the child have failed so far.
  public long failedWrites(String name) {
    return read(name, FAILED);
  }

  /// From now on each write below the child's folder, and each wait for the disk, takes so much
  /// longer.
  public void slowWrites(String name, Duration each) {
    write(name, DELAY, each.toNanos());
  }

  /// How many writes of the child have taken longer so far.
  public long slowedWrites(String name) {
    return read(name, DELAYED);
  }

  private Path orders(String name) {
    return folder.resolve(name + ".orders");
  }

  private void write(String name, int place, long value) {
    try (FileChannel file = FileChannel.open(orders(name), StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
      bytes.putLong(value).flip();
      file.write(bytes, place);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  private long read(String name, int place) {
    try (FileChannel file = FileChannel.open(orders(name), StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
      int read = file.read(bytes, place);
      return read == Long.BYTES ? bytes.flip().getLong() : 0;
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  private static UncheckedIOException failure(String name, IOException cause) {
    return new UncheckedIOException(
        "The file that holds the orders for " + name + " cannot be used", cause);
  }
}
