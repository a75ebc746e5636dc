package dev.gretchen.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreloadST {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @BeforeEach
  void needsACompiler() throws Exception {
    assumeTrue(
        Machine.probe(folder.resolve("probe")).finding(Mechanism.PRELOAD).works(),
        "this machine has no C compiler");
  }

  @Test
  void aClockIsWrongWhileItIsToldSo() throws Exception {
    Preload preload = Preload.build(folder.resolve("preload"));
    said(preload, "date +%s").isCloseToNow(0);
    preload.setClockAhead("child", Duration.ofHours(-30).minusMillis(300));
    said(preload, "date +%s").isCloseToNow(-30 * 3_600);
    assertThat(preload.wrongTimes("child")).isPositive();
    preload.setClockAhead("child", Duration.ZERO);
    said(preload, "date +%s").isCloseToNow(0);
  }

  @Test
  void writesFailBelowTheFolderAndNowhereElse() throws Exception {
    Preload preload = Preload.build(folder.resolve("preload"));
    Path inside = Files.createDirectories(folder.resolve("disk"));
    Path neighbour = Files.createDirectories(folder.resolve("disk-of-another"));
    preload.environment("child", inside);
    preload.setDisk("child", Preload.Disk.FAILING);
    assertThat(said(preload, "echo x > " + inside + "/file").status()).isNotZero();
    assertThat(said(preload, "echo x > " + neighbour + "/file").status()).isZero();
    assertThat(preload.failedWrites("child")).isPositive();
    preload.setDisk("child", Preload.Disk.SOUND);
    assertThat(said(preload, "echo x > " + inside + "/file").status()).isZero();
  }

  @Test
  void aDiskThatMayOnlyBeReadKeepsWhatItHas() throws Exception {
    Preload preload = Preload.build(folder.resolve("preload"));
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Path link = Files.createSymbolicLink(folder.resolve("way-there"), disk);
    assertThat(said(preload, "echo old > " + disk + "/file").status()).isZero();
    preload.setDisk("child", Preload.Disk.READ_ONLY);
    assertThat(said(preload, "cat " + disk + "/file").text()).isEqualTo("old");
    for (Path way : List.of(disk, link)) {
      assertThat(said(preload, "echo new > " + way + "/file").status()).isNotZero();
      assertThat(said(preload, "echo new > " + way + "/other").text()).contains("Read-only");
      assertThat(said(preload, "mkdir " + way + "/folder").status()).isNotZero();
    }
    assertThat(said(preload, "echo new > " + folder + "/beside").status()).isZero();
    assertThat(disk).isDirectoryContaining("glob:**/file").isDirectoryNotContaining("glob:**/o*");
    assertThat(preload.failedWrites("child")).isEqualTo(6);
  }

  @Test
  void eachWriteTakesLonger() throws Exception {
    Preload preload = Preload.build(folder.resolve("preload"));
    Path disk = Files.createDirectories(folder.resolve("disk"));
    preload.environment("child", disk);
    preload.slowWrites("child", Duration.ofMillis(60));
    long from = System.nanoTime();
    assertThat(said(preload, "for i in 1 2 3 4; do echo $i; done > " + disk + "/file").status())
        .isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(Duration.ofMillis(240));
    assertThat(preload.slowedWrites("child")).isEqualTo(4);
  }

  private Said said(Preload preload, String script) throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Path log = Files.createTempFile(folder, "child", ".log");
    try (Processes processes = Processes.openTemporary(folder.resolve("scratch"))) {
      Child child =
          processes.start(
              new Launch(
                  "child",
                  List.of("/bin/sh", "-c", script),
                  preload.environment("child", disk),
                  log));
      assertThat(child.awaitExit(LIMIT)).isTrue();
      return new Said(child.exitStatus().orElseThrow(), Files.readString(log).strip());
    }
  }

  private record Said(int status, String text) {
    void isCloseToNow(long secondsAhead) {
      assertThat(Long.parseLong(text) - System.currentTimeMillis() / 1000)
          .isBetween(secondsAhead - 10, secondsAhead + 2);
    }
  }
}
