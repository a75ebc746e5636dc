package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However a run is ended, nothing of it is left running.
class InterruptionST {

  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void ctrlCStopsEverythingAndSaysSo() throws Exception {
    Command.Running running = underLoad();
    new ProcessBuilder("kill", "-INT", Long.toString(running.process().pid())).start().waitFor();
    Command ended = running.await(BOUND);
    assertThat(ended.status()).as(ended.out() + ended.err()).isEqualTo(130);
    assertThat(ended.err()).contains("interrupted").doesNotContain("\tat ");
    assertThat(processes()).isEmpty();
    assertThat(folder.resolve("runs/word-colors/latest/env.json"))
        .content()
        .contains("interrupted");
    assertThat(folder.resolve("runs/word-colors/latest/work")).doesNotExist();
    assertThat(folder.resolve("runs/word-colors/latest/report.html"))
        .content()
        .contains("interrupted");
    assertAccusesNobody();
  }

  @Test
  void killingTheVerifierLeavesNoProcessAndNoScratchFolder() throws Exception {
    Command.Running running = underLoad();
    running.process().destroyForcibly().waitFor();
    await().atMost(Duration.ofSeconds(20)).until(() -> processes().isEmpty());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !Files.exists(folder.resolve("runs/word-colors/latest/work")));
    assertAccusesNobody();
  }

  /// Judged again, a run that was broken off is the harness's affair and not the app's.
  private void assertAccusesNobody() throws Exception {
    String run = folder.resolve("runs/word-colors/latest").toString();
    Command judged = Command.run(BOUND, folder, "judge", run);
    assertThat(judged.status()).as(judged.out() + judged.err()).isEqualTo(3);
    assertThat(judged.out()).contains("says nothing about word-colors");
    assertThat(judged.err()).doesNotContain("\tat ");
  }

  private Command.Running underLoad() throws Exception {
    Command.Running running =
        Command.start(
            folder,
            "verify",
            "word-colors",
            "--for=120s",
            "--rate=500",
            "--brokers=1",
            "--workers=2",
            "--faults=none",
            "--runs=" + folder.resolve("runs"));
    await().atMost(BOUND).until(() -> running.output().contains("load    "));
    assertThat(processes()).hasSizeGreaterThanOrEqualTo(3);
    return running;
  }

  /// Brokers and workers of this test's runs: their command lines name its folder.
  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> !process.equals(ProcessHandle.current()))
        .flatMap(process -> process.info().commandLine().stream())
        .filter(
            line -> line.contains(folder.toString()) && !line.contains("dev.gretchen.cli.Gretchen"))
        .toList();
  }
}
