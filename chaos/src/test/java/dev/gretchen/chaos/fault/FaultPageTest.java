package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class FaultPageTest {

  /// To write it: add `-Dgretchen.write-docs=true` to this test's command line.
  @Test
  void thePageInDocsIsTheRegistryAsItIs() throws Exception {
    String page = FaultPage.render();
    if (Boolean.getBoolean("gretchen.write-docs")) {
      Files.writeString(FaultPage.FILE, page);
    }
    assertThat(FaultPage.FILE).content().isEqualTo(page);
    assertThat(page).doesNotContain("|  |");
    for (FaultKind kind : FaultKind.values()) {
      assertThat(page).contains("`" + kind.word() + "`");
    }
    for (Omission omission : Omission.values()) {
      assertThat(page).contains("`" + omission.word() + "`");
    }
  }
}
