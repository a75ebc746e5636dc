package dev.gretchen.dashboards.grafana;

import dev.gretchen.dashboards.live.LiveMetric;
import dev.gretchen.engine.Meter;
import dev.gretchen.verifier.report.RunMetric;
import java.util.ArrayList;
import java.util.List;

/// A PromQL expression that is made of known metrics and labels: one that names a label which its
/// metric has not, or takes the rate of what can fall, cannot be written. Immutable.
final class Query {

  /// The label that tells the buckets of a histogram apart.
  static final String BUCKET = "le";

  /// How far a rate looks back: on a dashboard Grafana says so, by the scrape interval and the
  /// picture's width.
  static final String DASHBOARD_RANGE = "$__rate_interval";

  /// The time that the dashboard shows.
  static final String WHOLE_RANGE = "$__range";

  private final String text;
  private final Series series;

  private Query(String text, Series series) {
    this.text = text;
    this.series = series;
  }

  /// Samples of a metric, chosen by labels. Immutable.
  static final class Selection {
    private final Series series;
    private final List<String> matchers;

    private Selection(Series series, List<String> matchers) {
      this.series = series;
      this.matchers = List.copyOf(matchers);
    }

    /// Only those whose label has a value.
    Selection where(String label, String value) {
      series.requireValue(label, value);
      return and(label + "=\"" + value + "\"");
    }

    private Selection and(String matcher) {
      List<String> more = new ArrayList<>(matchers);
      more.add(matcher);
      return new Selection(series, more);
    }

    /// The samples as they are.
    Query value() {
      return new Query(selector(), series);
    }

    /// How fast a counter rises, a second.
    Query rate() {
      return rate(DASHBOARD_RANGE);
    }

    Query rate(String range) {
      return over("rate", range);
    }

    /// By how much a counter has risen.
    Query increase(String range) {
      return over("increase", range);
    }

    /// How often a gauge has changed.
    Query changes() {
      return new Query("changes(" + selector() + "[" + DASHBOARD_RANGE + "])", series);
    }

    /// By how much a gauge has changed.
    Query delta(String range) {
      return new Query("delta(" + selector() + "[" + range + "])", series);
    }

    private Query over(String function, String range) {
      if (!series.counts()) {
        throw new IllegalArgumentException(
            series.name() + " does not only rise: it has no " + function);
      }
      return new Query(function + "(" + selector() + "[" + range + "])", series);
    }

    private String selector() {
      return matchers.isEmpty()
          ? series.name()
          : series.name() + "{" + String.join(",", matchers) + "}";
    }
  }

  /// Of the workers that the reader of a dashboard has chosen.
  static Selection of(Meter meter) {
    return chosen(Series.of(meter));
  }

  /// The buckets of a timer, of the workers that the reader has chosen.
  static Selection buckets(Meter timer) {
    return chosen(Series.buckets(timer));
  }

  /// Of the apps that the reader has chosen.
  static Selection of(RunMetric metric) {
    return chosen(Series.of(metric));
  }

  /// Of the apps that the reader has chosen.
  static Selection of(LiveMetric metric) {
    return chosen(Series.of(metric));
  }

  /// Of whatever there is, as an alert looks at it.
  static Selection any(Meter meter) {
    return new Selection(Series.of(meter), List.of());
  }

  static Selection any(RunMetric metric) {
    return new Selection(Series.of(metric), List.of());
  }

  private static Selection chosen(Series series) {
    return new Selection(
        series,
        series.scope().chosen().stream().map(label -> label + "=~\"$" + label + "\"").toList());
  }

  Query sum(String... by) {
    return aggregated("sum", by);
  }

  Query max(String... by) {
    return aggregated("max", by);
  }

  Query min(String... by) {
    return aggregated("min", by);
  }

  Query count(String... by) {
    return aggregated("count", by);
  }

  /// A quantile over the samples, not within a histogram.
  ///
  /// @param part 0 to 1
  Query quantileOverSamples(double part, String... by) {
    return aggregated("quantile", part + ", ", by);
  }

  private Query aggregated(String function, String... by) {
    return aggregated(function, "", by);
  }

  private Query aggregated(String function, String parameter, String... by) {
    for (String label : by) {
      series.requireLabel(label);
    }
    String grouping = by.length == 0 ? "" : " by (" + String.join(", ", by) + ")";
    return new Query(function + grouping + " (" + parameter + text + ")", series);
  }

  /// A quantile within the histogram whose buckets' rates these are.
  ///
  /// @param part 0 to 1
  Query quantile(double part, String... by) {
    List<String> with = new ArrayList<>(List.of(BUCKET));
    with.addAll(List.of(by));
    Query summed = sum(with.toArray(String[]::new));
    return new Query("histogram_quantile(" + part + ", " + summed.text + ")", series);
  }

  /// Divided by another, sample by sample of equal labels.
  Query per(Query other) {
    return new Query(text + " / " + other.text, series);
  }

  /// Where both have a sample of equal labels, this one's.
  Query and(Query other) {
    return new Query(text + " and " + other.text, series);
  }

  /// The samples for which a comparison such as `> 0` holds.
  Query where(String comparison) {
    return new Query(text + " " + comparison, series);
  }

  /// How long ago the time was that these samples say, seconds.
  Query ago() {
    return new Query("time() - " + text, series);
  }

  /// The expression.
  String text() {
    return text;
  }
}
