package dev.gretchen.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// On what was measured.
///
/// @param words for people, without the machine's name; how busy it was before is among them,
///   because others who run on it are part of the measurement
record Machine(String words) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        String.format(
            Locale.ROOT,
            "%d cores (%s), %d GB of memory, %s on %s, JDK %s; load average before the start %.1f",
            Runtime.getRuntime().availableProcessors(),
            processor(),
            Math.round(system.getTotalMemorySize() / (double) (1 << 30)),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.version(),
            Math.max(0, system.getSystemLoadAverage())));
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
