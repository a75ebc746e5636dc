package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JUnitXmlTest {

  @Test
  void readsAsAPersonFoundGood() {
    Golden.assertMatches("junit.xml", JUnitXml.render(Samples.failing(), Samples.REPRO));
  }

  @Test
  void countsWhatItHolds() {
    for (Verdict verdict :
        List.of(
            Samples.passing(),
            Samples.failing(),
            Samples.hostile(),
            Samples.vacuous(),
            Samples.bare())) {
      Document xml = parse(verdict);
      Element suite = Xml.elements(xml, "testsuite").getFirst();

      assertThat(suite.getAttribute("tests")).isEqualTo(count(xml, "testcase"));
      assertThat(suite.getAttribute("failures")).isEqualTo(count(xml, "failure"));
      assertThat(suite.getAttribute("errors")).isEqualTo(count(xml, "error"));
      assertThat(suite.getAttribute("skipped")).isEqualTo(count(xml, "skipped"));
    }
  }

  @Test
  void isNeverGreenerThanTheVerdict() {
    Verdict proofless =
        Samples.verdict(Outcome.VACUOUS, "No effect.", Samples.passingProperties(), List.of());

    assertThat(Xml.elements(parse(proofless), "error"))
        .singleElement()
        .satisfies(error -> assertThat(error.getAttribute("message")).isEqualTo("No effect."));
    assertThat(Xml.elements(parse(Samples.bare()), "error")).hasSize(1);
    assertThat(Xml.elements(parse(Samples.bare()), "system-err").getFirst().getTextContent())
        .contains("refused the connection");
  }

  @Test
  void stripsWhatXmlForbidsAndKeepsTheRest() {
    Element failure = Xml.elements(parse(Samples.hostile()), "failure").getFirst();

    assertThat(failure.getTextContent())
        .contains("</td><script>alert('x')</script> & \"quoted\"", "\ud83e\udd86", "]]>")
        .doesNotContain("\u001b", "\u0000", "\ud800 ");
  }

  @Test
  void keepsTheTextOfAFailureShort() {
    Anomaly wordy =
        new Anomaly(
            "lost",
            "\ud83e\udd86".repeat(3_000),
            Collections.nCopies(10, new Anomaly.Exhibit("a", "b".repeat(5_000), "")));
    Verdict verdict =
        Samples.verdict(
            Outcome.FAIL,
            "Lost.",
            List.of(Property.of("p", Section.SAFETY, 1, "", Collections.nCopies(10, wordy), 10)),
            List.of());

    Element failure = Xml.elements(parse(verdict), "failure").getFirst();
    assertThat(failure.getTextContent().length() + failure.getAttribute("message").length())
        .isLessThan(8_000);
  }

  @Test
  void putsAPropertyIntoTheClassOfAppAndSection() {
    assertThat(JUnitXml.render(Samples.passing(), Samples.REPRO))
        .contains("name=\"drained-in-time\" classname=\"word-colors.liveness\"");
  }

  private static Document parse(Verdict verdict) {
    return Xml.parse(JUnitXml.render(verdict, Samples.REPRO));
  }

  private static String count(Document xml, String tag) {
    return Integer.toString(Xml.elements(xml, tag).size());
  }
}
