package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class HtmlReportTest {

  private static final List<String> TOPICS = List.of("color-requests", "colors");

  static Stream<String> pages() {
    Verdict huge = RenderSamples.huge();
    return Stream.of(
        pass(),
        page(Samples.failing(), Samples.emptyTimeline()),
        page(Samples.hostile(), Samples.hostileTimeline()),
        page(Samples.vacuous(), Samples.emptyTimeline()),
        page(Samples.bare(), Samples.emptyTimeline()),
        page(huge, Samples.timeline(huge, 3600, List.of("colors"), 40, 12, 20_000)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void isWellFormed(String page) {
    assertThat(Xml.elements(Xml.parse(page), "h1")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void asksTheNetworkForNothingAndRunsNothing(String page) {
    assertThat(page)
        .doesNotContainPattern("(?i)https?://|<script|<iframe|<object|@import|url\\((?!#)");
    for (Element element : Xml.elements(Xml.parse(page), "*")) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertThat(element.getAttributes().item(i).getNodeName())
            .doesNotStartWith("on")
            .isNotIn("src", "style", "xlink:href");
      }
      assertThat(element.getAttribute("href")).isIn("", "data:,");
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesEveryPictureForThoseWhoDoNotSeeIt(String page) {
    for (Element svg : Xml.elements(Xml.parse(page), "svg")) {
      boolean nested = svg.getParentNode() instanceof Element parent && insideSvg(parent);
      assertThat(nested || svg.hasAttribute("aria-label") || svg.hasAttribute("aria-hidden"))
          .isTrue();
    }
  }

  private static boolean insideSvg(Element element) {
    return element.getTagName().equals("svg")
        || (element.getParentNode() instanceof Element parent && insideSvg(parent));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void drawsNothingBeyondTheAxis(String page) {
    for (Element element : Xml.elements(Xml.parse(page), "rect")) {
      assertThat(percent(element, "x") + percent(element, "width")).isBetween(0.0, 100.01);
    }
  }

  private static double percent(Element element, String attribute) {
    String value = element.getAttribute(attribute);
    return value.endsWith("%") ? Double.parseDouble(value.substring(0, value.length() - 1)) : 0;
  }

  @Test
  void showsHostileTextAsItself() {
    Document page = Xml.parse(page(Samples.hostile(), Samples.hostileTimeline()));

    assertThat(Xml.elements(page, "h1").getFirst().getTextContent())
        .startsWith("</td><script>alert('x')</script> & \"quoted\"")
        .contains("\ud83e\udd86")
        .doesNotContain("\u001b", "\u0000", "\u202e", "\ud800 ");
  }

  @Test
  void putsTheVerdictTheFactsAndTheTimelineFirst() {
    assertThat(pass())
        .containsSubsequence(
            "<h1>Every one of 118,342 events",
            "<dt>Seed</dt>",
            "<dd>4711</dd>",
            ">Timeline</h2>",
            ">Faults and recovery</h2>",
            ">Latency</h2>",
            ">Properties</h2>",
            ">Reproduce</h2>");
  }

  @Test
  void putsAFailureBeforeAllElse() {
    assertThat(page(Samples.failing(), Samples.emptyTimeline()))
        .containsSubsequence(
            "<h1>color-counts counted 17 events twice",
            ">What went wrong</h2>",
            "Key `red` of color-counts is 1 too high",
            "color-counts-3@18004",
            "2 further anomalies",
            "and 14 more that are counted only",
            "<dt>Seed</dt>",
            ">Timeline</h2>");
  }

  @Test
  void saysWhyAVacuousRunIsNotAPass() {
    assertThat(page(Samples.vacuous(), Samples.emptyTimeline()))
        .containsSubsequence(
            "Why this is not a pass",
            "output-exact:color-counts: compared nothing",
            "fault 1, kill-owner on w1, had no proven effect: pid 4711 was gone already");
  }

  @Test
  void drawsTheFaultsOfARunWithoutATimelineOnTheAxisOfTheRun() {
    assertThat(page(Samples.vacuous(), Samples.emptyTimeline()))
        .contains("kill-owner w1 (unproven)");
    assertThat(page(Samples.bare(), Samples.emptyTimeline()))
        .contains("Nothing was recorded over time.");
  }

  @Test
  void leavesAPhaseBlankThatDoesNotApply() {
    assertThat(pass())
        .containsPattern("kill-broker</b>(?s:.){0,400}(<td class=\"num\"></td>\\s*){5}");
  }

  @Test
  void tellsWhoOwnedWhatAndWhenNobodyDid() {
    Timeline timeline =
        ownership(
            new Timeline.Tenure("colors", 3, "w2", Samples.START, Samples.START + 4_000, false),
            new Timeline.Tenure(
                "colors", 3, "w10", Samples.START + 5_500, Samples.START + 6_000, true),
            new Timeline.Tenure(
                "colors", 3, "w10", Samples.START + 6_000, Samples.START + 10_000, false));

    assertThat(page(Samples.passing(), timeline))
        .contains("<title>colors-3: w2 running from 0.0 s to 4.0 s (4.0 s)</title>")
        .contains("<title>colors-3: w10 recovering from 5.5 s to 6.0 s (500 ms)</title>")
        .contains("<title>nobody owned colors-3 from 4.0 s, for 1.5 s</title>")
        .contains("fill=\"url(#rec-1)\"", "id=\"rec-1\"");
  }

  @Test
  void showsTwoOwnersAtATime() {
    Timeline timeline =
        ownership(
            new Timeline.Tenure("colors", 0, "w1", Samples.START, Samples.START + 8_000, false),
            new Timeline.Tenure(
                "colors", 0, "w2", Samples.START + 6_000, Samples.START + 10_000, false));

    assertThat(page(Samples.passing(), timeline))
        .contains("w2 running from 6.0 s to 10.0 s (4.0 s), while another held it too");
  }

  @Test
  void staysSmallWhenAnHourIsDrawn() {
    Verdict huge = RenderSamples.huge();
    String page = page(huge, Samples.timeline(huge, 3600, List.of("colors"), 40, 12, 20_000));

    assertThat(page.length()).isLessThan(400_000);
    assertThat(Xml.elements(Xml.parse(page), "polyline"))
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(line.getAttribute("points").split(" ", -1))
                .hasSizeLessThanOrEqualTo(Downsample.POINTS_MAX + 2));
  }

  @Test
  void staysBoundedWhenASoakOfANightIsDrawn() {
    long night = 8 * 3_600_000L;
    List<Timeline.Tenure> tenures =
        LongStream.range(0, 40_000)
            .mapToObj(i -> {
              long from = Samples.START + i * night / 40_000;
              return new Timeline.Tenure(
                  "t", (int) (i % 40), "w" + i % 3, from, from + 90, i % 2 == 0);
            })
            .toList();
    List<Timeline.Mark> marks =
        LongStream.range(0, 5_000)
            .mapToObj(i -> new Timeline.Mark(Samples.START + i * night / 5_000, "mark " + i))
            .toList();
    List<FaultOutcome> faults =
        IntStream.range(0, 2_000)
            .mapToObj(i ->
                new FaultOutcome(
                    "P1",
                    "kill-owner",
                    "w1",
                    Samples.START + i * night / 2_000,
                    0,
                    true,
                    1,
                    "gone",
                    Map.of(),
                    Map.of()))
            .toList();
    Verdict verdict =
        Samples.verdict(
            Samples.passing().verdict(), "A night.", Samples.passingProperties(), faults);

    String page =
        page(
            verdict, new Timeline(Samples.START, Samples.START + night, List.of(), tenures, marks));

    assertThat(page.length()).isLessThan(8_000_000);
  }

  private static Timeline ownership(Timeline.Tenure... tenures) {
    return new Timeline(
        Samples.START, Samples.START + 10_000, List.of(), List.of(tenures), List.of());
  }

  private static String pass() {
    Verdict verdict = Samples.passing();
    return page(verdict, Samples.timeline(verdict, 125, TOPICS, 8, 3, 1_000));
  }

  private static String page(Verdict verdict, Timeline timeline) {
    return HtmlReport.render(verdict, timeline, Samples.REPRO);
  }
}
