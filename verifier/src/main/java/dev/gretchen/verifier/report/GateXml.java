package dev.gretchen.verifier.report;

import dev.gretchen.verifier.gate.Decision;
import dev.gretchen.verifier.gate.Finding;
import dev.gretchen.verifier.gate.Finding.Ruling;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Renders a gate's decision as JUnit XML: a suite is a policy, a test case one finding.
///
/// What is refused becomes a failure; what is waived or not decided is skipped, with its sentence.
final class GateXml {

  private static final int MESSAGE_MAX = 500;

  private GateXml() {}

  /// The whole document, for UTF-8.
  static String render(Decision decision) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      xml.writeStartDocument("UTF-8", "1.0");
      suite(xml, decision);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing XML into memory failed", e);
    }
    return out.append('\n').toString();
  }

  private static void suite(XMLStreamWriter xml, Decision decision) throws XMLStreamException {
    List<Finding> findings = decision.findings();
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", PlainText.line("gretchen gate " + decision.policy()));
    xml.writeAttribute("tests", Integer.toString(findings.size()));
    xml.writeAttribute("failures", Integer.toString(decision.of(Ruling.REFUSED).size()));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute(
        "skipped",
        Integer.toString(decision.of(Ruling.WAIVED).size() + decision.of(Ruling.UNDECIDED).size()));
    xml.writeAttribute("time", "0");
    for (Finding finding : findings) {
      testCase(xml, decision, finding);
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
  }

  private static void testCase(XMLStreamWriter xml, Decision decision, Finding finding)
      throws XMLStreamException {
    xml.writeCharacters("\n  ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("name", PlainText.line(finding.rule()));
    xml.writeAttribute("classname", PlainText.line("gate." + decision.policy()));
    xml.writeAttribute("time", "0");
    switch (finding.ruling()) {
      case HELD -> {}
      case UNDECIDED, WAIVED -> {
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", PlainText.shortLine(finding.sentence(), MESSAGE_MAX));
      }
      case REFUSED -> {
        xml.writeStartElement("failure");
        xml.writeAttribute("message", PlainText.shortLine(finding.sentence(), MESSAGE_MAX));
        xml.writeAttribute("type", "REFUSED");
        xml.writeCharacters(PlainText.clip(PlainText.of(finding.sentence()), JUnitXml.TEXT_MAX));
        xml.writeEndElement();
      }
    }
    xml.writeEndElement();
  }
}
