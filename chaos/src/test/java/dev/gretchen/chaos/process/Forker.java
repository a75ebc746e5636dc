package dev.gretchen.chaos.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A JVM that starts children, says their pids, and waits to be killed.
final class Forker {
  private Forker() {}

  /// Arguments: the scratch folder; the file that receives the pids; a folder for logs.
  public static void main(String[] args) throws Exception {
    Processes processes = Processes.openTemporary(Path.of(args[0]));
    Path logs = Path.of(args[2]);
    Child plain = start(processes, logs, "plain", "sleep 1000");
    Child stopped = start(processes, logs, "stopped", "sleep 1000");
    Child deaf = start(processes, logs, "deaf", "trap '' TERM INT HUP; sleep 1000");
    Path grandchild = logs.resolve("grandchild");
    Child parent =
        start(processes, logs, "parent", "sleep 1000 & echo $! > " + grandchild + "; wait");
    stopped.stop();
    while (!Files.exists(grandchild) || Files.size(grandchild) == 0) {
      Thread.sleep(Duration.ofMillis(20));
    }
    Files.writeString(Path.of(args[0], "a-file"), "to be removed");
    String pids =
        "%d\n%d\n%d\n%d\n%s"
            .formatted(
                plain.pid(),
                stopped.pid(),
                deaf.pid(),
                parent.pid(),
                Files.readString(grandchild).strip());
    Path whole = Path.of(args[1] + ".part");
    Files.writeString(whole, pids);
    Files.move(whole, Path.of(args[1]));
    Thread.sleep(Duration.ofMinutes(5));
  }

  private static Child start(Processes processes, Path logs, String name, String script) {
    return processes.start(
        new Launch(name, List.of("/bin/sh", "-c", script), Map.of(), logs.resolve(name + ".log")));
  }
}
