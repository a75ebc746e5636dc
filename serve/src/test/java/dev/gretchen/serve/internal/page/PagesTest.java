package dev.gretchen.serve.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.record.Choices;
import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunFigures;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.record.Trend;
import dev.gretchen.verifier.record.Violation;
import dev.gretchen.verifier.verdict.Outcome;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Pages are well-formed, whatever the record holds, and say in words what they show in colours.
class PagesTest {

  private static final String EVIL = "<script>alert('x')</script>\"&\u202e";
  private static final long AT = 1_770_127_506_000L;
  private static final Choices CHOICES =
      new Choices(List.of("word-colors", EVIL), List.of("kill-owner"), List.of("abc", EVIL));

  @Test
  void nothingOfTheRecordIsTakenForMarkup() throws Exception {
    Violation violation = new Violation(EVIL, 2, 3, AT, AT, EVIL, EVIL);
    String page =
        IndexPage.render(
            asked(Map.of("app", List.of(EVIL), "seed", List.of(EVIL))),
            CHOICES,
            new RunsAnswer(
                Map.of(Outcome.FAIL, 2L),
                FailureRate.of(2, 2),
                List.of(run(EVIL, Outcome.FAIL)),
                List.of(violation),
                List.of(kills(EVIL))));
    String live = LivePage.render(now());
    String trends =
        TrendsPage.render(
            asked(Map.of()), CHOICES, List.of(trend(EVIL), trend("b")), Grouping.COMMIT);

    for (String each : List.of(page, live, trends, IndexPage.refusal(404, EVIL))) {
      Document document = parse(each);
      NodeList scripts = document.getElementsByTagName("script");
      assertThat(scripts.getLength()).isEqualTo(1);
      assertThat(((Element) scripts.item(0)).getAttribute("src")).isEqualTo("/assets/serve.js");
      assertThat(each).contains("&lt;script&gt;alert(&#39;x&#39;)").doesNotContain("\u202e");
    }
  }

  @Test
  void needsNothingFromElsewhere() throws Exception {
    String page =
        IndexPage.render(asked(Map.of()), CHOICES, answer(List.of(run("a/b", Outcome.PASS))));

    assertThat(page).doesNotContain("http://", "https://", "style=", "onclick");
    assertThat(parse(page).getDocumentElement().getAttribute("lang")).isEqualTo("en");
  }

  @Test
  void saysWhatSoManyRunsProve() {
    assertThat(Figures.proof(FailureRate.of(300, 0)))
        .isEqualTo(
            "None of 300 decided runs failed: with 95 % confidence, at most 0.994 % of such runs fail.");
    assertThat(Figures.proof(FailureRate.of(100, 0)))
        .endsWith("199 more without a failure bound it by 1 %.");
    assertThat(Figures.proof(FailureRate.of(100, 3)))
        .startsWith("3 of 100 decided runs failed")
        .doesNotContain("more without");
    assertThat(Figures.proof(FailureRate.of(0, 0))).startsWith("None of these runs was decided");
  }

  @Test
  void eachFieldHasALabelAndKeepsWhatWasFilledIn() throws Exception {
    Document page =
        parse(
            IndexPage.render(
                asked(Map.of("verdict", List.of("FAIL"), "commit", List.of("abc"))),
                CHOICES,
                answer(List.of(run("a/b", null)))));

    for (String tag : List.of("select", "input")) {
      NodeList fields = page.getElementsByTagName(tag);
      assertThat(fields.getLength()).isPositive();
      for (int i = 0; i < fields.getLength(); i++) {
        Element field = (Element) fields.item(i);
        assertThat(field.hasAttribute("aria-label") || hasLabel(page, field.getAttribute("id")))
            .as("a label of " + field.getAttribute("name"))
            .isTrue();
      }
    }
    assertThat(chosen(page)).contains("FAIL");
    assertThat(field(page, "filter-commit").getAttribute("value")).isEqualTo("abc");
  }

  @Test
  void saysVerdictsInWords() throws Exception {
    String page =
        IndexPage.render(
            asked(Map.of()),
            CHOICES,
            answer(
                List.of(
                    run("a/1", Outcome.PASS),
                    run("a/2", Outcome.HARNESS_ERROR),
                    run("a/3", null))));

    assertThat(parse(page).getElementsByTagName("tbody").item(0).getTextContent())
        .contains("PASS", "HARNESS ERROR", "NONE");
  }

  @Test
  void saysHowToBeginWhereThereIsNoRun() {
    assertThat(IndexPage.render(asked(Map.of()), CHOICES, answer(List.of())))
        .contains("./gretchen verify word-colors");
    assertThat(TrendsPage.render(asked(Map.of()), CHOICES, List.of(), Grouping.RUN))
        .contains("No such run has a verdict.");
    assertThat(LivePage.render(new Live.Now(List.of(), List.of()))).contains("Nothing goes on");
  }

  @Test
  void drawsACurveForWhateverWasMeasured() throws Exception {
    Document page =
        parse(
            TrendsPage.render(
                asked(Map.of()), CHOICES, List.of(trend("a"), trend("b")), Grouping.COMMIT));
    NodeList figures = page.getElementsByTagName("figure");

    // throughput, latency, availability, one kind of fault, memory; its growth was not measured
    assertThat(figures.getLength()).isEqualTo(5);
    assertThat(page.getDocumentElement().getTextContent())
        .contains("kill-owner", "silence p99", "first output p50");
  }

  private static Live.Now now() {
    Progress progress = new Progress(AT, 0.42, EVIL, List.of(EVIL));
    return new Live.Now(List.of(new Live.LiveRun(run(EVIL, null), progress)), List.of());
  }

  private static RunsAnswer answer(List<RunEntry> runs) {
    return new RunsAnswer(Map.of(), FailureRate.of(0, 0), runs, List.of(), List.of());
  }

  private static RunEntry run(String path, @Nullable Outcome outcome) {
    return new RunEntry(
        path,
        path,
        7,
        outcome,
        path,
        "exactly-once",
        AT,
        AT,
        10,
        1,
        1,
        0.5,
        77,
        path,
        new RunFigures(100, 10, 1 << 20, -1));
  }

  private static Trend trend(String group) {
    return new Trend(group, AT, 3, 1, 100, 10, 77, 0.5, 1 << 20, -1, List.of(kills("kill-owner")));
  }

  private static FaultFigures kills(String kind) {
    Percentiles some = new Percentiles(3, 100, 200, 300, 300);
    return new FaultFigures(kind, 3, 3, some, some, some, some);
  }

  private static Asked asked(Map<String, List<String>> query) {
    return new Asked("/", Map.of(), query, "", "");
  }

  private static boolean hasLabel(Document page, String id) {
    NodeList labels = page.getElementsByTagName("label");
    for (int i = 0; i < labels.getLength(); i++) {
      if (((Element) labels.item(i)).getAttribute("for").equals(id)) {
        return true;
      }
    }
    return false;
  }

  private static Element field(Document page, String id) {
    NodeList fields = page.getElementsByTagName("input");
    for (int i = 0; i < fields.getLength(); i++) {
      Element field = (Element) fields.item(i);
      if (field.getAttribute("id").equals(id)) {
        return field;
      }
    }
    throw new AssertionError("no field " + id);
  }

  private static List<String> chosen(Document page) {
    NodeList options = page.getElementsByTagName("option");
    return IntStream.range(0, options.getLength())
        .mapToObj(i -> (Element) options.item(i))
        .filter(option -> option.hasAttribute("selected"))
        .map(Element::getTextContent)
        .toList();
  }

  /// Our pages are well-formed XML, too.
  private static Document parse(String page) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory
        .newDocumentBuilder()
        .parse(
            new ByteArrayInputStream(
                page.replaceFirst("^<!DOCTYPE html>", "")
                    .strip()
                    .getBytes(StandardCharsets.UTF_8)));
  }
}
