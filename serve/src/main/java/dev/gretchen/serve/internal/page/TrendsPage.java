package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.page.Chart.Curve;
import dev.gretchen.verifier.record.Choices;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.Trend;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// The record over commits and time: curves, and the same as a table. Pure.
final class TrendsPage {

  private static final double MEBIBYTE = 1 << 20;
  private static final double PERCENT = 100;
  private static final double NONE = -1;
  private static final int DAY_LENGTH = 10;

  private final List<Trend> trends;
  private final Grouping grouping;
  private final List<String> labels;

  private TrendsPage(List<Trend> trends, Grouping grouping) {
    this.trends = trends;
    this.grouping = grouping;
    this.labels = trends.stream().map(this::label).toList();
  }

  static String render(Asked asked, Choices choices, List<Trend> trends, Grouping grouping) {
    return Page.of(
        "Trends",
        Page.Place.TRENDS,
        html -> {
          html.leaf("h1", "Trends");
          new FilterForm(html, asked, choices).render("/trends", true);
          if (trends.isEmpty()) {
            html.leaf("p", "No such run has a verdict.", "class", "nothing");
          } else {
            new TrendsPage(trends, grouping).render(html);
          }
        });
  }

  private void render(Html html) {
    html.open("section", "aria-labelledby", "service").leaf("h2", "Service", "id", "service");
    html.open("div", "class", "charts");
    chart(
        html,
        new Chart(
            "Throughput", "/s", labels, List.of(curve("events/s", t -> t.eventsPerSecond()))));
    chart(
        html,
        new Chart(
            "Latency",
            "ms",
            labels,
            List.of(curve("p50", t -> t.p50Millis()), curve("p99", t -> t.p99Millis()))));
    chart(
        html,
        new Chart(
            "Seconds in which it was up",
            "%",
            labels,
            List.of(curve("up", t -> t.availability() < 0 ? NONE : t.availability() * PERCENT))));
    html.close().close();
    recovery(html);
    html.open("section", "aria-labelledby", "leaks").leaf("h2", "Leaks", "id", "leaks");
    html.open("div", "class", "charts");
    chart(
        html,
        new Chart(
            "Memory of the largest worker",
            "MiB",
            labels,
            List.of(curve("most", t -> mebibytes(t.residentMaxBytes())))));
    chart(
        html,
        new Chart(
            "Growth of its memory, in runs of five minutes or more",
            "MiB/h",
            labels,
            List.of(curve("growth", t -> mebibytes(t.growthBytesPerHour())))));
    html.close().close();
    table(html);
  }

  private static double mebibytes(long bytes) {
    return bytes < 0 ? NONE : bytes / MEBIBYTE;
  }

  private void recovery(Html html) {
    SortedSet<String> kinds = new TreeSet<>();
    trends.forEach(trend -> trend.faults().forEach(fault -> kinds.add(fault.kind())));
    if (kinds.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "recovery")
        .leaf("h2", "Recovery, by kind of fault", "id", "recovery");
    html.open("div", "class", "charts");
    for (String kind : kinds) {
      chart(
          html,
          new Chart(
              kind,
              "ms",
              labels,
              List.of(
                  curve("silence p50", of(kind, FaultFigures::silence, Percentiles::p50)),
                  curve("silence p99", of(kind, FaultFigures::silence, Percentiles::p99)),
                  curve("first output p50", of(kind, FaultFigures::firstOutput, Percentiles::p50)),
                  curve(
                      "first output p99", of(kind, FaultFigures::firstOutput, Percentiles::p99)))));
    }
    html.close().close();
  }

  private static ToDoubleFunction<Trend> of(
      String kind, Function<FaultFigures, Percentiles> what, ToLongFunction<Percentiles> value) {
    return trend -> {
      Optional<Percentiles> found =
          trend.faults().stream()
              .filter(fault -> fault.kind().equals(kind))
              .findFirst()
              .map(what)
              .filter(percentiles -> percentiles.count() > 0);
      return found.isEmpty() ? NONE : value.applyAsLong(found.get());
    };
  }

  private Curve curve(String name, ToDoubleFunction<Trend> value) {
    List<Double> values = new ArrayList<>();
    trends.forEach(trend -> values.add(value.applyAsDouble(trend)));
    return new Curve(name, values);
  }

  private static void chart(Html html, Chart chart) {
    if (chart.hasValues()) {
      chart.render(html);
    }
  }

  private String label(Trend trend) {
    return switch (grouping) {
      case RUN -> Figures.moment(trend.firstAt());
      case COMMIT ->
          trend.group() + ", " + Figures.moment(trend.firstAt()).substring(0, DAY_LENGTH);
      case DAY -> trend.group();
    };
  }

  private void table(Html html) {
    html.open("section", "aria-labelledby", "figures").leaf("h2", "Figures", "id", "figures");
    Parts.beginTable(
        html,
        "Figures of each group",
        List.of(
            Words.lower(grouping),
            "since (UTC)",
            "#runs",
            "#failed",
            "#events/s",
            "#p50 ms",
            "#p99 ms",
            "#up",
            "#memory MiB",
            "#growth MiB/h"));
    for (Trend trend : trends.reversed()) {
      html.open("tr").open("th", "scope", "row");
      group(html, trend.group());
      html.close();
      html.leaf("td", Figures.moment(trend.firstAt()), "class", "moment");
      Parts.number(html, Figures.number(trend.runs()));
      Parts.number(html, Figures.number(trend.failed()));
      Parts.number(html, Figures.number(trend.eventsPerSecond()));
      Parts.number(html, Figures.number(trend.p50Millis()));
      Parts.number(html, Figures.number(trend.p99Millis()));
      Parts.number(html, Figures.percent(trend.availability()));
      Parts.number(html, Figures.mebibytes(trend.residentMaxBytes()));
      Parts.number(html, Figures.mebibytes(trend.growthBytesPerHour()));
      html.close();
    }
    Parts.endTable(html);
    html.close();
  }

  private void group(Html html, String group) {
    switch (grouping) {
      case RUN -> html.leaf("a", group, "href", "/runs/" + Urls.encode(group.replace('/', '~')));
      case COMMIT -> {
        if (group.equals(Grouping.UNKNOWN)) {
          html.text(group);
        } else {
          html.leaf("a", group, "href", "/?commit=" + Urls.encode(group));
        }
      }
      case DAY -> html.text(group);
    }
  }
}
