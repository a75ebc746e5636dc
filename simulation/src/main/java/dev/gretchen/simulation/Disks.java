package dev.gretchen.simulation;

import dev.gretchen.testkit.disk.Disk;
import dev.gretchen.testkit.disk.RocksDisk;
import dev.gretchen.testkit.disk.SimDisk;
import dev.gretchen.testkit.sim.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the workers' stores are on.
public enum Disks {
  /// In memory, for thousands of schedules a minute.
  MEMORY,
  /// The engine's own RocksDB in temporary directories, for some dozens.
  ROCKSDB;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// All names.
  public static List<String> names() {
    return Arrays.stream(values()).map(Disks::text).toList();
  }

  /// @param slot whose disk it is
  Disk of(String slot, Scheduler scheduler) {
    return switch (this) {
      case MEMORY -> new SimDisk(scheduler);
      case ROCKSDB -> {
        try {
          yield new RocksDisk(scheduler, Files.createTempDirectory("gretchen-simulated-" + slot));
        } catch (IOException cause) {
          throw new UncheckedIOException(cause);
        }
      }
    };
  }
}
