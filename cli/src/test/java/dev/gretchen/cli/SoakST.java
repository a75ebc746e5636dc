package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A soak of two tiny runs, interrupted in either: nothing is left running, and it goes on where it
/// was. Its catalogue is as small as can be, and gone through at the end.
class SoakST {

  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final String CAMPAIGN =
      """
      schema: gretchen.campaign/1
      name: tiny
      control: {for: 3s}
      apps:
        word-colors:
          rate: 200
          brokers: 1
          workers: 1
          partitions: 2
          catalogue: {faults: [short-pause, N16]}
      """;

  @TempDir private Path folder;

  @Test
  void goesOnAfterCtrlCAndAfterSigkill() throws Exception {
    Path campaign = Files.writeString(folder.resolve("tiny.yaml"), CAMPAIGN);
    Command.Running first =
        Command.start(
            folder,
            "soak",
            "--campaign=" + campaign,
            "--seed=7",
            "--runs=" + folder.resolve("runs"));
    List<ProcessHandle> started = awaitUnderWay(first, 1);
    new ProcessBuilder("kill", "-INT", Long.toString(first.process().pid())).start().waitFor();
    Command interrupted = first.await(BOUND);
    assertThat(interrupted.status()).as(interrupted.out() + interrupted.err()).isEqualTo(130);
    assertThat(interrupted.out()).contains("The soak ends: it was interrupted.", "VACUOUS  0 runs");
    assertThat(started).noneMatch(SoakST::isRunning);
    assertThat(runs()).isEmpty();

    Command.Running second = Command.start(folder, "soak", "--resume=" + soak());
    List<ProcessHandle> orphans = awaitUnderWay(second, 2);
    second.process().destroyForcibly().waitFor();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> orphans.stream().noneMatch(SoakST::isRunning));

    Command third = Command.start(folder, "soak", "--resume=" + soak()).await(BOUND);
    assertThat(third.status()).as(third.out() + third.err()).isZero();
    assertThat(third.out())
        .contains("The soak ends: each kind of the catalogue was tried.", "PASS  2 runs: 2 PASS")
        .containsPattern("S1 +short-pause +proven ([1-9]) of \\1 +PASS +word-colors/")
        .containsPattern("N16 +mangled-packets +SKIPPED: TCP")
        // what was done before was not done again
        .doesNotContain("#1 ");
    assertThat(runs()).hasSize(2);
    assertThat(soak().resolve("catalogue.md")).content().contains("1 with a proven effect");
    assertThat(soak().resolve("work")).doesNotExist();
  }

  /// @return everything that the soak has started: its run, brokers, workers and watchers
  private List<ProcessHandle> awaitUnderWay(Command.Running running, int run) {
    Pattern started = Pattern.compile("\"started\",[^\\n]*\"run\":" + run + "\\b");
    await()
        .atMost(BOUND)
        .until(() ->
            !running.process().isAlive()
                || (Files.exists(journal())
                    && started.matcher(Files.readString(journal())).find()
                    && running.process().descendants().anyMatch(SoakST::isWorker)));
    assertThat(running.process().isAlive()).isTrue();
    List<ProcessHandle> all = running.process().descendants().toList();
    assertThat(all).hasSizeGreaterThan(3);
    return all;
  }

  /// What is gone, but not yet buried by its parent, has no command line any more.
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().commandLine().isPresent();
  }

  private static boolean isWorker(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("wordcolors.WordColors");
  }

  private Path soak() {
    return folder.resolve("runs/soak/latest");
  }

  private Path journal() {
    return soak().resolve("journal.ndjson");
  }

  private List<Path> runs() throws IOException {
    Path app = soak().resolve("word-colors");
    if (!Files.exists(app)) {
      return List.of();
    }
    try (Stream<Path> runs = Files.list(app)) {
      return runs.filter(run -> !Files.isSymbolicLink(run)).toList();
    }
  }
}
