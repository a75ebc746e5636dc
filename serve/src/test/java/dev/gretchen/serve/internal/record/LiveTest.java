package dev.gretchen.serve.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.serve.RunsOnDisk;
import dev.gretchen.serve.internal.record.Live.LiveRun;
import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTest {

  @TempDir private Path runs;
  private Instant now = Instant.ofEpochMilli(RunsOnDisk.START);
  private final InstantSource clock = () -> now;

  @Test
  void followsARunFromItsStartToItsEnd() throws Exception {
    RunsOnDisk disk = new RunsOnDisk(runs);
    disk.passed(1, 200);
    Path run = disk.begun(2);
    try (Archive archive = Archive.open(runs, clock)) {
      Live live = new Live(archive, clock);
      assertThat(live.now().runs()).isEmpty();

      try (ProgressFile progress = new ProgressFile(run, clock)) {
        progress.stands(0.25, "sent some");
        later(Duration.ofSeconds(3));
        assertThat(live.now().runs()).extracting(each -> each.run().seed()).containsExactly(2L);
        assertThat(live.now().runs())
            .extracting(LiveRun::progress)
            .extracting(Progress::share)
            .containsExactly(0.25);
      }
      later(Duration.ofSeconds(3));
      assertThat(live.now().runs()).isEmpty();
    }
  }

  /// SIGKILL leaves the file behind.
  @Test
  void doesNotBelieveWhoIsSilentForLong() throws Exception {
    Path run = new RunsOnDisk(runs).begun(2);
    try (Archive archive = Archive.open(runs, clock);
        ProgressFile progress = new ProgressFile(run, clock)) {
      progress.stands(0.5, "sent some");
      Live live = new Live(archive, clock);
      assertThat(live.now().runs()).hasSize(1);

      later(Duration.ofMinutes(3));
      assertThat(live.now().runs()).isEmpty();
    }
  }

  @Test
  void showsASoak() {
    SoakFolder soak =
        SoakFolder.create(runs, Campaign.shipped("pr"), 7, Duration.ZERO, clock.instant());
    try (Archive archive = Archive.open(runs, clock);
        ProgressFile progress = new ProgressFile(soak.path(), clock)) {
      progress.stands(0.5, "#2 word-colors");

      assertThat(new Live(archive, clock).now().soaks())
          .singleElement()
          .satisfies(live -> assertThat(live.soak().campaign()).isEqualTo("pr"));
    }
  }

  private void later(Duration by) {
    now = now.plus(by);
  }
}
