package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Latency;
import java.util.List;

/// Latency before, during and after the faults.
final class LatencyPart {

  private LatencyPart() {}

  static void render(Html html, List<Latency> stretches) {
    if (stretches.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "latency").leaf("h2", "Latency", "id", "latency");
    html.leaf(
        "p", "From the intended send time of an event to its committed output.", "class", "lede");
    html.open(
        "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "latency");
    html.open("table", "class", "latency").open("thead").open("tr");
    html.leaf("th", "faults", "scope", "col");
    for (String head : List.of("events", "p50", "p99", "max")) {
      html.leaf("th", head, "scope", "col", "class", "num");
    }
    html.leaf("th", "p50 and p99", "scope", "col", "class", "bars");
    html.close().close().open("tbody");
    long longest = stretches.stream().mapToLong(Latency::p99Millis).reduce(1, Math::max);
    stretches.forEach(latency -> row(html, latency, longest));
    html.close().close().close().close();
  }

  private static void row(Html html, Latency latency, long longest) {
    html.open("tr").leaf("th", latency.stretch(), "scope", "row");
    html.leaf("td", Phrases.number(latency.events()), "class", "num");
    boolean measured = latency.events() > 0;
    for (long millis : new long[] {latency.p50Millis(), latency.p99Millis(), latency.maxMillis()}) {
      html.leaf("td", measured ? Phrases.duration(millis) : "", "class", "num");
    }
    html.open("td", "class", "bars");
    html.open("svg", "height", "14", "role", "img", "aria-label", "p50 and p99 as bars");
    if (measured) {
      bar(html, "p99", latency.p99Millis(), longest);
      bar(html, "p50", latency.p50Millis(), longest);
    }
    html.close().close().close();
  }

  private static void bar(Html html, String name, long millis, long longest) {
    html.open(
        "rect",
        "class",
        name,
        "width",
        TimeAxis.percent(millis / (double) longest),
        "height",
        "14");
    html.leaf("title", name + " " + Phrases.duration(millis)).close();
  }
}
