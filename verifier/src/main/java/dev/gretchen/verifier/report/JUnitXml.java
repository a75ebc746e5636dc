package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Renders `junit.xml` as CI systems read it: a suite is a run, a test case is a property, its
/// class is app and section.
///
/// FAIL becomes a failure, UNKNOWN and VACUOUS an error, SKIPPED skipped. Where the run as a whole
/// is worse than every property (a harness error, a fault without effect), a test case `verdict` in
/// the class `<app>.run` carries that, so that CI is never greener than the verdict.
public final class JUnitXml {

  /// Some systems cut longer texts.
  static final int TEXT_MAX = 7_400;

  private static final int MESSAGE_MAX = 500;
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Verdict verdict;
  private final XMLStreamWriter xml;

  private JUnitXml(Verdict verdict, XMLStreamWriter xml) {
    this.verdict = verdict;
    this.xml = xml;
  }

  /// The whole document, for UTF-8.
  public static String render(Verdict verdict, Repro repro) {
    // A writer of characters: the one of bytes splits what lies beyond the 16-bit plane.
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
      new JUnitXml(verdict, xml).document(repro);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing XML into memory failed", e);
    }
    return out.append('\n').toString();
  }

  private void document(Repro repro) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    line(1);
    xml.writeStartElement("testsuite");
    suiteAttributes();
    properties(repro);
    for (Property property : verdict.properties()) {
      testCase(property);
    }
    if (hiddenByProperties()) {
      testCase("verdict", "run");
      problem("error", Words.of(verdict.verdict()), verdict.sentence(), harnessErrors());
      end(2);
    }
    if (!verdict.harnessErrors().isEmpty()) {
      line(2);
      xml.writeStartElement("system-err");
      xml.writeCharacters(PlainText.of(harnessErrors()));
      xml.writeEndElement();
    }
    end(1);
    end(0);
    xml.writeEndDocument();
  }

  private void suiteAttributes() throws XMLStreamException {
    int hidden = hiddenByProperties() ? 1 : 0;
    attribute("name", "gretchen " + verdict.app() + " " + verdict.seed());
    attribute("tests", Integer.toString(verdict.properties().size() + hidden));
    attribute("failures", Long.toString(count(Status.FAIL)));
    attribute("errors", Long.toString(count(Status.UNKNOWN) + count(Status.VACUOUS) + hidden));
    attribute("skipped", Long.toString(count(Status.SKIPPED)));
    attribute("time", String.format(Locale.ROOT, "%.3f", Judged.durationMillis(verdict) / 1e3));
    attribute("timestamp", TIMESTAMP.format(Instant.ofEpochMilli(verdict.startedAt())));
  }

  private void properties(Repro repro) throws XMLStreamException {
    line(2);
    xml.writeStartElement("properties");
    for (Map.Entry<String, String> property :
        List.of(
            Map.entry("seed", Long.toString(verdict.seed())),
            Map.entry("verdict", verdict.verdict().name()),
            Map.entry("sentence", verdict.sentence()),
            Map.entry("guarantee", verdict.guarantee()),
            Map.entry("judgedAs", verdict.judgedAs()),
            Map.entry("events", Long.toString(verdict.events())),
            Map.entry("loadHash", verdict.loadHash()),
            Map.entry("planHash", verdict.planHash()),
            Map.entry("repro", repro.shellLine()))) {
      line(3);
      xml.writeEmptyElement("property");
      attribute("name", property.getKey());
      attribute("value", property.getValue());
    }
    end(2);
  }

  private void testCase(Property property) throws XMLStreamException {
    testCase(property.name(), Words.lower(property.section()));
    switch (property.status()) {
      case PASS -> {}
      case FAIL -> problem("failure", "FAIL", property.detail(), evidence(property));
      case UNKNOWN, VACUOUS ->
          problem("error", property.status().name(), property.detail(), evidence(property));
      case SKIPPED -> {
        line(3);
        xml.writeEmptyElement("skipped");
        attribute("message", PlainText.shortLine(property.detail(), MESSAGE_MAX));
      }
    }
    end(2);
  }

  private void testCase(String name, String section) throws XMLStreamException {
    line(2);
    xml.writeStartElement("testcase");
    attribute("name", name);
    attribute("classname", verdict.app() + "." + section);
    attribute("time", "0");
  }

  private void problem(String element, String type, String message, String text)
      throws XMLStreamException {
    line(3);
    xml.writeStartElement(element);
    attribute("message", PlainText.shortLine(message, MESSAGE_MAX));
    attribute("type", type);
    xml.writeCharacters(PlainText.clip(PlainText.of(text), TEXT_MAX));
    xml.writeEndElement();
  }

  private static String evidence(Property property) {
    StringBuilder text = new StringBuilder(property.detail()).append('\n');
    text.append("compared ").append(Phrases.number(property.compared()));
    if (property.anomalyCount() > 0) {
      text.append(", found ").append(Phrases.count(property.anomalyCount(), "anomaly"));
    }
    text.append('\n');
    for (Anomaly anomaly : property.anomalies()) {
      text.append('\n').append(anomaly.kind()).append(": ").append(anomaly.sentence());
      for (Anomaly.Exhibit exhibit : anomaly.records()) {
        text.append("\n  ").append(exhibit.where()).append("  ").append(exhibit.what());
        if (!exhibit.remark().isEmpty()) {
          text.append("  <- ").append(exhibit.remark());
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  private boolean hiddenByProperties() {
    return verdict.verdict() != Outcome.PASS
        && count(Status.FAIL) + count(Status.UNKNOWN) + count(Status.VACUOUS) == 0;
  }

  private String harnessErrors() {
    return String.join("\n", verdict.harnessErrors());
  }

  private long count(Status status) {
    return verdict.properties().stream().filter(property -> property.status() == status).count();
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, PlainText.line(value));
  }

  private void end(int depth) throws XMLStreamException {
    line(depth);
    xml.writeEndElement();
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
