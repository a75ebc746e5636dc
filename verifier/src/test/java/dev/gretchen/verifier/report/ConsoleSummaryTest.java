package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConsoleSummaryTest {

  @Test
  void readsAsAPersonFoundGood() {
    Golden.assertMatches("console.txt", render(Samples.failing(), false));
  }

  @Test
  void letsNoEscapeSequenceOfTheDataThrough() {
    assertThat(render(Samples.hostile(), false)).doesNotContain("\u001b", "\u0000", "\r", "\u202e");
  }

  @Test
  void coloursOnlyWhenAsked() {
    assertThat(render(Samples.passing(), false))
        .startsWith("PASS  Every one")
        .doesNotContain("\u001b");
    assertThat(render(Samples.passing(), true)).startsWith("\u001b[1;32mPASS\u001b[0m  Every one");
  }

  @Test
  void alignsWhatWasCompared() {
    assertThat(
            render(Samples.passing(), false)
                .lines()
                .filter(line -> line.contains(" compared"))
                .map(line -> line.indexOf(" compared")))
        .hasSize(11)
        .containsOnly(49);
  }

  private static String render(Verdict verdict, boolean colour) {
    return ConsoleSummary.render(
        verdict, Samples.REPRO, Path.of("runs/word-colors/latest/report.html"), colour);
  }
}
