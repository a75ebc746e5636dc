package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateIT {

  private static final Duration BOUND = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void repeatsASeedToTheLetter() throws Exception {
    Command once = Command.run(BOUND, folder, "simulate", "--seed", "7");
    Command again = Command.run(BOUND, folder, "simulate", "--seed", "7");
    assertThat(once.status()).as(once.err()).isZero();
    assertThat(once.out()).containsPattern("(?m)^PASS .*\\R^trace hash [0-9a-f]{16}$");
    assertThat(again.out()).isEqualTo(once.out());
  }

  @Test
  void runsAsManySchedulesAsAreAskedFor() throws Exception {
    Command command = Command.run(BOUND, folder, "simulate", "--seeds", "20", "--from", "50");
    assertThat(command.status()).as(command.err()).isZero();
    assertThat(command.out()).startsWith("PASS  20 schedules").hasLineCount(1);
  }
}
