package dev.gretchen.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessesST {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path folder;

  @Test
  void leavesNobodyBehindWhenItsOwnJvmIsKilled() throws Exception {
    Path scratch = folder.resolve("inner");
    Path pidFile = folder.resolve("pids");
    try (Processes outer = Processes.open(folder.resolve("outer"))) {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Forker.class.getName(),
              scratch.toString(),
              pidFile.toString(),
              folder.toString());
      Child forker = outer.start(new Launch("forker", command, Map.of(), log("forker")));
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(pidFile).as(forker.logTail(20)).exists());
      List<Long> pids = Files.readAllLines(pidFile).stream().map(Long::parseLong).toList();
      assertThat(pids).hasSize(5).allMatch(ProcessesST::isThere);

      assertThat(forker.kill()).isEqualTo(137);

      await().atMost(LIMIT).untilAsserted(() -> assertThat(pids).noneMatch(ProcessesST::isThere));
      await().atMost(LIMIT).until(() -> !Files.exists(scratch));
    }
  }

  @Test
  void closeKillsEverythingAndIsSafeFromSeveralThreads() throws Exception {
    Path scratch = folder.resolve("scratch");
    Processes processes = Processes.openTemporary(scratch);
    Child plain = shell(processes, "exec sleep 1000");
    Child stopped = shell(processes, "exec sleep 1000");
    stopped.stop();
    await().atMost(LIMIT).until(stopped::isStopped);

    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      closers.add(Thread.startVirtualThread(processes::close));
    }
    for (Thread closer : closers) {
      assertThat(closer.join(LIMIT)).isTrue();
    }

    assertThat(List.of(plain.pid(), stopped.pid())).noneMatch(ProcessesST::isThere);
    assertThat(plain.exitStatus()).hasValue(137);
    assertThat(scratch).doesNotExist();
    assertThatThrownBy(() -> shell(processes, "true")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsHowAChildEnded() throws Exception {
    try (Processes processes = Processes.open(folder.resolve("scratch"))) {
      Child orderly =
          shell(processes, "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done");
      Child status = shell(processes, "echo out; echo err >&2; exit 7");
      Child missing =
          processes.start(
              new Launch("missing", List.of("/no/such/program"), Map.of(), log("missing")));
      Child deaf = shell(processes, "trap '' TERM; echo armed; while :; do sleep 0.05; done");

      assertThat(status.awaitExit(LIMIT)).isTrue();
      assertThat(status.exitStatus()).hasValue(7);
      assertThat(status.logTail(5)).isEqualTo("out\nerr");
      assertThat(missing.awaitExit(LIMIT)).isTrue();
      assertThat(missing.exitStatus()).hasValue(127);
      await().atMost(LIMIT).until(() -> deaf.logTail(1).equals("armed"));
      assertThat(deaf.terminate(Duration.ofMillis(300))).isEmpty();
      assertThat(deaf.kill()).isEqualTo(137);
      assertThat(orderly.terminate(LIMIT)).hasValue(0);
      assertThat(processes.running()).isEmpty();
    }
  }

  @Test
  void whatAKilledChildPutAsideGoesWithIt() throws Exception {
    Path scratch = folder.resolve("scratch");
    try (Processes processes = Processes.open(scratch)) {
      Child first = shell(processes, "echo a > $ROCKSDB_SHAREDLIB_DIR/lib.so; exec sleep 1000");
      Child second = shell(processes, "echo b > $TMPDIR/b; exec sleep 1001");
      await().atMost(LIMIT).until(() -> filesBelow(scratch).size() == 2);
      assertThat(filesBelow(scratch)).extracting(Path::getParent).doesNotHaveDuplicates();

      first.kill();
      assertThat(first.awaitExit(LIMIT)).isTrue();
      assertThat(filesBelow(scratch)).singleElement().asString().endsWith("/b");
      assertThat(second.isAlive()).isTrue();
    }
    assertThat(scratch).isEmptyDirectory();
  }

  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void stopsAndContinuesAChild() {
    try (Processes processes = Processes.open(folder.resolve("scratch"))) {
      Child child = shell(processes, "exec sleep 1000");
      child.stop();
      await().atMost(LIMIT).until(child::isStopped);
      child.cont();
      await().atMost(LIMIT).until(() -> !child.isStopped());
      assertThat(child.isAlive()).isTrue();
    }
  }

  @Test
  void keepsItsHandsOffAFolderThatHoldsFiles() throws IOException {
    Files.writeString(folder.resolve("precious"), "text");
    assertThatThrownBy(() -> Processes.openTemporary(folder))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("not empty");
    assertThat(folder.resolve("precious")).exists();
  }

  private Child shell(Processes processes, String script) {
    return processes.start(
        new Launch(
            "shell",
            List.of("/bin/sh", "-c", script),
            Map.of(),
            log("shell-" + Integer.toHexString(script.hashCode()))));
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  /// A zombie that only waits for its parent's attention is gone for our purpose.
  private static boolean isThere(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
    } catch (IOException _) {
      return false;
    }
  }
}
