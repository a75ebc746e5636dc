package dev.gretchen.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// On what was measured.
///
/// @param words for people, without the machine's name
record Machine(String words) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    long memory =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
    return new Machine(
        String.format(
            Locale.ROOT,
            "%d cores (%s), %d GB of memory, %s on %s, JDK %s",
            Runtime.getRuntime().availableProcessors(),
            processor(),
            Math.round(memory / (double) (1 << 30)),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version()));
  }

  private static String processor() {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException _) {
      return "unknown";
    }
  }
}
