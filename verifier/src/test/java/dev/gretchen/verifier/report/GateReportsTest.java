package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.gate.Decision;
import dev.gretchen.verifier.gate.Finding;
import dev.gretchen.verifier.gate.Finding.Ruling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class GateReportsTest {

  private static final Decision REFUSED =
      new Decision(
          "nightly",
          12,
          List.of(
              new Finding("runs", Ruling.HELD, "12 runs of 12 ended with PASS or FAIL."),
              new Finding("known", Ruling.UNDECIDED, "drain (#3) was not met."),
              new Finding("liveness", Ruling.WAIVED, "Let pass until 2027-01-31: #12"),
              new Finding(
                  "recovery: kill-owner", Ruling.REFUSED, "p99 <31> s \u001b[31m& | more.")));

  private static final Decision PASSED =
      new Decision("pr", 3, List.of(new Finding("runs", Ruling.HELD, "3 runs of 3.")));

  @Test
  void countsWhatItHolds() {
    Document xml = Xml.parse(GateXml.render(REFUSED));
    Element suite = Xml.elements(xml, "testsuite").getFirst();

    assertThat(suite.getAttribute("tests")).isEqualTo("4");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("2");
    assertThat(Xml.elements(xml, "testcase")).hasSize(4);
    assertThat(Xml.elements(xml, "skipped")).hasSize(2);
    assertThat(Xml.elements(xml, "failure"))
        .singleElement()
        .satisfies(failure -> {
          assertThat(failure.getAttribute("message")).isEqualTo("p99 <31> s [31m& | more.");
          assertThat(failure.getAttribute("type")).isEqualTo("REFUSED");
        });
    assertThat(Xml.elements(Xml.parse(GateXml.render(PASSED)), "failure")).isEmpty();
  }

  @Test
  void putsFirstWhatRefuses() {
    assertThat(GateText.plain(REFUSED))
        .isEqualTo(
            """
            REFUSED      recovery: kill-owner  p99 <31> s [31m& | more.
            waived       liveness              Let pass until 2027-01-31: #12
            not decided  known                 drain (#3) was not met.
            held         runs                  12 runs of 12 ended with PASS or FAIL.

            REFUSED  Policy nightly refuses 12 runs: 1 rule of 4 does not hold.
            """);
    assertThat(GateText.plain(PASSED))
        .endsWith("PASS  Policy pr lets 3 runs pass: 1 rule holds.\n");
  }

  @Test
  void writesMarkdownThatReadsAsItself() {
    assertThat(GateText.markdown(REFUSED))
        .startsWith("## Gate nightly: REFUSED\n\nPolicy nightly refuses 12 runs")
        .contains(
            "| **refused** | `recovery:kill-owner` | p99 &lt;31&gt; s \\[31m&amp; \\| more. |");
  }

  @Test
  void drawsABadge() {
    assertThat(Xml.elements(Xml.parse(Badge.render("gretchen", true)), "title"))
        .singleElement()
        .satisfies(title -> assertThat(title.getTextContent()).isEqualTo("gretchen: pass"));
    assertThat(Badge.render("gretchen", false)).contains(">refused</text>").doesNotContain("%");
  }

  @Test
  void writesAllOfThem(@TempDir Path folder) throws Exception {
    GateReports.write(folder.resolve("gate"), PASSED);

    assertThat(folder.resolve("gate/junit.xml")).content().contains("gretchen gate pr");
    assertThat(folder.resolve("gate/summary.md")).content().contains("PASS");
    assertThat(Files.readString(folder.resolve("gate/badge.svg"))).startsWith("<svg");
  }
}
