package dev.gretchen.chaos.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineST {
  @TempDir Path folder;

  @Test
  void triesEveryMechanismSaysWhyOneIsMissingAndLeavesNothingBehind() throws Exception {
    Machine machine = Machine.probe(folder.resolve("probe"));
    assertThat(machine.findings().keySet()).containsExactlyInAnyOrder(Mechanism.values());
    assertThat(machine.findings().values()).allMatch(finding -> !finding.text().isBlank());
    assertThat(machine.finding(Mechanism.SIGNALS))
        .isInstanceOf(Finding.Works.class)
        .extracting(Finding::text)
        .asString()
        .contains("137");
    assertThat(folder).isEmptyDirectory();
    assertThat(Machine.unknown().finding(Mechanism.SIGNALS).works()).isFalse();
  }
}
