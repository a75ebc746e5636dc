package dev.gretchen.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallDiskST {
  @TempDir Path folder;

  @Test
  void isFullAtItsLimitAndKeepsWhatItHeld() throws Exception {
    assumeTrue(
        Machine.probe(folder.resolve("probe")).finding(Mechanism.TMPFS).works(),
        "this machine lets nobody mount");
    Path disk = Files.createDirectories(folder.resolve("a disk"));
    Files.writeString(disk.resolve("state"), "kept");
    try (Processes processes = Processes.openTemporary(folder.resolve("work"))) {
      SmallDisk small = SmallDisk.mount(disk, 200_000, processes);
      assertThat(Heal.isMounted(disk)).isTrue();
      assertThat(disk.resolve("state")).hasContent("kept");

      assertThat(small.fill()).isBetween(100_000L, 300_000L);
      assertThatThrownBy(() -> Files.write(disk.resolve("more"), new byte[8192]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");

      small.unfill();
      Files.writeString(disk.resolve("more"), "later");
      small.unmount();
      assertThat(Heal.isMounted(disk)).isFalse();
      assertThat(disk.resolve("state")).hasContent("kept");
      assertThat(disk.resolve("more")).hasContent("later");
    }
  }
}
