package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OpenMetricsTest {

  private static final Pattern META =
      Pattern.compile(
          "# (TYPE|UNIT|HELP) ([a-z_]+) (?:gauge|counter|info|seconds|[A-Z0-9][^\\n\\\\]*\\.)");
  private static final String LABEL = "[a-z_]+=\"(?:[^\"\\\\\\p{Cc}]|\\\\[\\\\n\"])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-z_0-9]+)\\{"
              + LABEL
              + "(?:,"
              + LABEL
              + ")*\\} -?[0-9]+(?:\\.[0-9]{3}(?:[0-9]{2})?)?");

  @Test
  void readsAsAPersonFoundGood() {
    Golden.assertMatches("metrics.om", OpenMetrics.render(Samples.failing()));
  }

  @Test
  void keepsToTheGrammarWhateverTheLabelsHold() {
    for (Verdict verdict :
        List.of(
            Samples.passing(),
            Samples.failing(),
            Samples.hostile(),
            Samples.vacuous(),
            Samples.bare())) {
      check(OpenMetrics.render(verdict));
    }
  }

  private static void check(String text) {
    assertThat(text).endsWith("\n# EOF\n");
    String family = "";
    Set<String> families = new HashSet<>();
    Set<String> series = new HashSet<>();
    for (String line : text.substring(0, text.length() - "# EOF\n".length()).lines().toList()) {
      Matcher meta = META.matcher(line);
      if (meta.matches()) {
        if (meta.group(1).equals("TYPE")) {
          family = meta.group(2);
          assertThat(families.add(family)).as("family %s begins once", family).isTrue();
        }
        assertThat(meta.group(2)).isEqualTo(family);
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(sample.group(1)).isIn(family, family + "_total", family + "_info");
      assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).as(line).isTrue();
    }
  }

  @Test
  void tellsFaultPhasesInSeconds() {
    assertThat(OpenMetrics.render(Samples.passing()))
        .containsPattern(
            "recovery_seconds\\{app=\"word-colors\",fault=\"P1\",phase=\"detected\",index=\"1\","
                + "kind=\"kill-owner\",target=\"w1\"\\} 0\\.\\d{3}\n");
  }

  @Test
  void countsOnlyProvenFaultsAsProven() {
    assertThat(OpenMetrics.render(Samples.vacuous()))
        .contains("chaos_faults_injected_total{app=\"word-colors\",fault=\"P1\"} 1\n")
        .contains("chaos_effect_proven_total{app=\"word-colors\",fault=\"P1\"} 0\n");
  }
}
