package dev.gretchen.verifier.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.run.Screen;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressFileTest {

  private static final InstantSource AT_FIVE = InstantSource.fixed(Instant.ofEpochMilli(5_000));

  @TempDir private Path folder;

  @Test
  void tellsTheLatestState() {
    try (ProgressFile file = new ProgressFile(folder, AT_FIVE)) {
      file.said("kafka   starting 3 brokers");
      file.stands(0.25, "100 sent");
      file.stands(0.5, "200 sent");

      assertThat(ProgressFile.read(folder))
          .contains(new Progress(5_000, 0.5, "200 sent", List.of("kafka   starting 3 brokers")));
    }
  }

  @Test
  void keepsTheLastFewLines() {
    try (ProgressFile file = new ProgressFile(folder, AT_FIVE)) {
      IntStream.range(0, 30).forEach(i -> file.said("line " + i));

      assertThat(ProgressFile.read(folder).orElseThrow().said())
          .hasSize(12)
          .startsWith("line 18")
          .endsWith("line 29");
    }
  }

  @Test
  void isGoneWhenItIsClosedAndStaysSo() {
    ProgressFile file = new ProgressFile(folder, AT_FIVE);
    file.said("one");
    file.close();
    file.said("two");

    assertThat(ProgressFile.read(folder)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nobodyReadsHalfOfOne() throws Exception {
    Files.writeString(folder.resolve(ProgressFile.NAME), "{\"at\": 5000, \"sha");

    assertThat(ProgressFile.read(folder)).isEmpty();
  }

  @Test
  void nobodyEndsBecauseItCannotBeWritten() {
    try (ProgressFile file = new ProgressFile(folder.resolve("not-there"), AT_FIVE)) {
      file.said("one");
    }
    assertThat(ProgressFile.read(folder.resolve("not-there"))).isEmpty();
  }

  @Test
  void isBelievedForTwoMinutes() {
    Progress progress = new Progress(5_000, 0, "", List.of());

    assertThat(progress.goesOn(5_000 + Progress.SILENCE_MAX_MILLIS)).isTrue();
    assertThat(progress.goesOn(5_001 + Progress.SILENCE_MAX_MILLIS)).isFalse();
  }

  /// However little is shown on the screen.
  @Test
  void isToldWhatAQuietScreenDoesNotShow() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    Screen screen =
        new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8), Screen.Style.QUIET);
    try (ProgressFile _ = screen.alsoIn(new ProgressFile(folder, AT_FIVE))) {
      screen.say("healing");
      screen.progress(1.5, "all sent");

      assertThat(ProgressFile.read(folder))
          .contains(new Progress(5_000, 1, "all sent", List.of("healing")));
    }
    assertThat(shown.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
