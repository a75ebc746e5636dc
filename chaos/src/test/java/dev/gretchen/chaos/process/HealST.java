package dev.gretchen.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The controller is killed together with the watcher that would clean up after it.
final class HealST {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void endsWhatAKilledControllerHadStoppedAndUnmountsWhatItHadMounted() throws Exception {
    boolean canMount = Machine.probe(folder.resolve("probe")).finding(Mechanism.TMPFS).works();
    Path run = Files.createDirectories(folder.resolve("runs/app/run"));
    try (Processes outer = Processes.open(folder.resolve("outer"))) {
      Child controller = controller(outer, run, canMount);
      Path pids = run.resolve("pids");
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(pids).as(controller.logTail(20)).exists());
      List<Long> known = Files.readAllLines(pids).stream().map(Long::parseLong).toList();
      assertThat(known).hasSize(3).allMatch(HealST::isThere);

      assertThat(Heal.below(folder.resolve("runs")).underWay())
          .as("a run that goes on is left alone")
          .hasSize(1);
      assertThat(known).allMatch(HealST::isThere);

      long watcher = known.getLast();
      Signals.send("KILL", watcher);
      controller.kill();
      List<Long> children = known.subList(0, 2);
      assertThat(children).as("nobody cleaned up yet").allMatch(HealST::isThere);
      assertThat(Heal.isMounted(run.resolve("work/disk"))).isEqualTo(canMount);

      Heal.Report report = Heal.below(folder.resolve("runs"));

      assertThat(report.failures()).isEmpty();
      assertThat(report.healed().values())
          .singleElement()
          .asString()
          .contains("plain (pid", "stopped (pid", "work removed");
      assertThat(children).noneMatch(HealST::isThere);
      assertThat(Heal.isMounted(run.resolve("work/disk"))).isFalse();
      assertThat(run.resolve("work")).doesNotExist();
      assertThat(run.resolve(Leftovers.FILE)).doesNotExist();
      assertThat(Heal.below(folder.resolve("runs")).healed()).as("twice does no harm").isEmpty();
    }
    assumeTrue(canMount, "processes are proven; without the right to mount, mounts are not");
  }

  @Test
  void aControllerThatIsDeadAndNotYetBuriedIsGone() throws Exception {
    Path journal = Files.createDirectories(folder.resolve("runs/app/run")).resolve(Leftovers.FILE);
    // whoever it was replaced by does not know of it, so it asks for no exit status
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 1000").start();
    try {
      long dead = Long.parseLong(parent.inputReader().readLine());
      await().atMost(LIMIT).until(() -> !isThere(dead));
      String startTime = Signals.startTime(dead).orElseThrow();
      Files.writeString(journal, "{\"controller\":\"%d:%s\"}%n".formatted(dead, startTime));

      Heal.Report report = Heal.below(folder.resolve("runs"));

      assertThat(report.underWay()).isEmpty();
      assertThat(report.healed()).containsOnlyKeys(journal);
      assertThat(journal).doesNotExist();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void anOrderlyEndLeavesNoJournal() throws Exception {
    Path journal = folder.resolve(Leftovers.FILE);
    try (Processes processes =
        Processes.openTemporary(folder.resolve("work"), Leftovers.open(journal))) {
      Child child =
          processes.start(
              new Launch("child", List.of("sleep", "1000"), Map.of(), folder.resolve("log")));
      assertThat(journal).content().contains("controller", Long.toString(child.pid()));
    }
    assertThat(journal).doesNotExist();
  }

  private Child controller(Processes outer, Path run, boolean mounts) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Controller.class.getName(),
            run.toString(),
            Boolean.toString(mounts));
    return outer.start(
        new Launch("controller", command, Map.of(), folder.resolve("controller.log")));
  }

  private static boolean isThere(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException _) {
      return false;
    }
  }

  /// A JVM with a stopped child and a full small disk that waits to be killed.
  static final class Controller {
    private Controller() {}

    /// Arguments: the folder of the run; whether it may mount.
    public static void main(String[] args) throws Exception {
      Path run = Path.of(args[0]);
      Processes processes =
          Processes.openTemporary(run.resolve("work"), Leftovers.open(run.resolve(Leftovers.FILE)));
      Child plain = start(processes, run, "plain");
      Child stopped = start(processes, run, "stopped");
      stopped.stop();
      if (Boolean.parseBoolean(args[1])) {
        Path disk = Files.createDirectories(run.resolve("work/disk"));
        Files.writeString(disk.resolve("state"), "kept");
        SmallDisk.mount(disk, 100_000, processes).fill();
      }
      long watcher =
          ProcessHandle.current()
              .children()
              .mapToLong(ProcessHandle::pid)
              .filter(pid -> pid != plain.pid() && pid != stopped.pid())
              .findFirst()
              .orElseThrow();
      Path whole = run.resolve("pids.part");
      Files.writeString(whole, "%d\n%d\n%d".formatted(plain.pid(), stopped.pid(), watcher));
      Files.move(whole, run.resolve("pids"));
      Thread.sleep(Duration.ofMinutes(5));
    }

    private static Child start(Processes processes, Path run, String name) {
      return processes.start(
          new Launch(name, List.of("sleep", "1000"), Map.of(), run.resolve(name + ".log")));
    }
  }
}
