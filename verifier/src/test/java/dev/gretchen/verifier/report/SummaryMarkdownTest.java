package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryMarkdownTest {

  @Test
  void readsAsAPersonFoundGood() {
    Golden.assertMatches("summary.md", SummaryMarkdown.render(Samples.failing(), Samples.REPRO));
  }

  @Test
  void keepsMarkupOutOfItsText() {
    String text = SummaryMarkdown.render(Samples.hostile(), Samples.REPRO);

    assertThat(text)
        .doesNotContain("<script", "\u001b", "\u0000", "\r")
        .contains("&lt;script&gt;", "\\`tick\\`", "\\| pipe", "\ud83e\udd86");
  }

  @Test
  void keepsEveryRowAsWideAsItsTable() {
    String text = SummaryMarkdown.render(Samples.hostile(), Samples.REPRO);
    int columns = -1;
    for (String line : text.lines().toList()) {
      int bars =
          line.startsWith("|") ? line.replace("\\|", "").replaceAll("[^|]", "").length() : -1;
      assertThat(columns == -1 || bars == -1 || bars == columns).as(line).isTrue();
      columns = bars;
    }
  }

  @Test
  void fencesACommandThatHoldsAFence() {
    Repro repro = Repro.exactly(List.of("./gretchen", "````"));

    assertThat(SummaryMarkdown.render(Samples.passing(), repro))
        .contains("`````sh\n./gretchen '````'\n`````\n");
  }

  @Test
  void listsHarnessErrorsAndStaysCalmWithoutAnythingElse() {
    assertThat(SummaryMarkdown.render(Samples.bare(), Samples.REPRO))
        .contains(
            "HARNESS ERROR", "refused the connection", "None was judged.", "None was injected.");
  }

  @Test
  void staysBoundedWithThousandsOfFaults() {
    Verdict soak =
        Samples.verdict(
            Outcome.PASS,
            "A night.",
            List.of(),
            Samples.faults(3_000, 28_800_000, 3, new Random(1)));

    assertThat(SummaryMarkdown.render(soak, Samples.REPRO))
        .contains("and 2900 more, in the report.")
        .hasSizeLessThan(60_000);
  }
}
