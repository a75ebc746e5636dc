package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Who owned which partition of one topic: a row per partition, a bar per tenure, hatched while
/// recovering, nothing where nobody owned it. Where two workers held a partition at a time, the
/// second is drawn across the lower half of the first.
final class GanttTrack implements Track {

  private static final int ROW = 17;
  private static final int BAR = 13;
  private static final int HEAD = 18;

  /// Bars narrower than this part of the axis are drawn at this width, lest they vanish.
  private static final double VISIBLE = 0.0035;

  /// Narrow bars that begin closer together than this part of the axis are drawn as one.
  private static final double DISTINCT = 0.001;

  private final String topic;
  private final Map<Integer, List<Tenure>> rows = new TreeMap<>();
  private final WorkerColours colours;

  GanttTrack(String topic, List<Tenure> tenures, WorkerColours colours) {
    this.topic = topic;
    this.colours = colours;
    tenures.stream()
        .filter(tenure -> tenure.toMillis() > tenure.fromMillis())
        .sorted(Comparator.comparingLong(Tenure::fromMillis))
        .forEach(
            tenure -> rows.computeIfAbsent(tenure.partition(), _ -> new ArrayList<>()).add(tenure));
  }

  @Override
  public int height() {
    return HEAD + rows.size() * ROW + 4;
  }

  @Override
  public String description() {
    return "which worker owned which of the "
        + Phrases.count(rows.size(), "partition")
        + " of topic "
        + topic;
  }

  @Override
  public void gutter(Html html) {
    int y = HEAD;
    html.leaf("text", PlainText.shortLine(topic, 60), "class", "topic", "y", px(HEAD - 5));
    for (int partition : rows.keySet()) {
      Track.gutterText(html, "row", y + 10, Integer.toString(partition));
      y += ROW;
    }
  }

  @Override
  public void plot(Html html, TimeAxis axis) {
    int y = HEAD;
    for (List<Tenure> row : rows.values()) {
      html.empty(
          "rect", "class", "unowned", "y", px(y), "width", "100%", "height", px(BAR), "rx", "1.5");
      gaps(html, axis, row, y);
      bars(html, axis, row, y, false);
      bars(html, axis, row, y, true);
      y += ROW;
    }
  }

  /// Invisible bars that say for how long nobody owned the partition.
  private void gaps(Html html, TimeAxis axis, List<Tenure> row, int y) {
    long covered = axis.startMillis();
    for (Tenure tenure : row) {
      gap(html, axis, tenure.partition(), covered, tenure.fromMillis(), y);
      covered = Math.max(covered, tenure.toMillis());
    }
    gap(html, axis, row.getFirst().partition(), covered, axis.endMillis(), y);
  }

  private void gap(Html html, TimeAxis axis, int partition, long from, long to, int y) {
    double width = axis.fraction(to) - axis.fraction(from);
    if (to <= from || width < DISTINCT) {
      return;
    }
    html.open(
        "rect",
        "class",
        "hover",
        "x",
        axis.x(from),
        "y",
        px(y),
        "width",
        TimeAxis.percent(width),
        "height",
        px(BAR));
    String title =
        "nobody owned %s-%d from %s, for %s"
            .formatted(topic, partition, axis.moment(from), Phrases.duration(to - from));
    html.leaf("title", title).close();
  }

  private void bars(Html html, TimeAxis axis, List<Tenure> row, int y, boolean recovering) {
    double lastNarrow = -1;
    long covered = Long.MIN_VALUE;
    for (Tenure tenure : row) {
      boolean second = tenure.fromMillis() < covered;
      covered = Math.max(covered, tenure.toMillis());
      if (tenure.recovering() != recovering) {
        continue;
      }
      double from = axis.fraction(tenure.fromMillis());
      double width = axis.fraction(tenure.toMillis()) - from;
      if (width < DISTINCT) {
        if (from - lastNarrow < DISTINCT && lastNarrow >= 0) {
          continue;
        }
        lastNarrow = from;
      }
      bar(html, axis, tenure, from, Math.max(width, VISIBLE), y, second);
    }
  }

  private void bar(
      Html html, TimeAxis axis, Tenure tenure, double from, double width, int y, boolean second) {
    int top = second ? y + BAR / 2 : y;
    String worker = tenure.worker();
    html.open(
        "rect",
        "x",
        TimeAxis.percent(Math.min(from, 1 - width)),
        "y",
        px(top),
        "width",
        TimeAxis.percent(width),
        "height",
        px(second ? BAR - BAR / 2 : BAR),
        "rx",
        "1.5",
        "fill",
        tenure.recovering() ? colours.recovering(worker) : colours.running(worker));
    html.leaf("title", title(axis, tenure, second)).close();
    String label = PlainText.shortLine(worker, 16);
    double room = label.length() * CHARACTER + 10;
    if (!tenure.recovering() && !second && width * WIDE > room) {
      html.leaf(
          "text",
          label,
          "x",
          TimeAxis.percent(from),
          "dx",
          "7",
          "y",
          px(top + 10),
          "class",
          "bar " + colours.ink(worker) + (width * NARROW > room ? "" : " wide"));
    }
  }

  private String title(TimeAxis axis, Tenure tenure, boolean second) {
    return "%s-%d: %s %s from %s to %s (%s)%s"
        .formatted(
            topic,
            tenure.partition(),
            tenure.worker(),
            tenure.recovering() ? "recovering" : "running",
            axis.moment(tenure.fromMillis()),
            axis.moment(tenure.toMillis()),
            Phrases.duration(tenure.toMillis() - tenure.fromMillis()),
            second ? ", while another held it too" : "");
  }

  private static String px(double value) {
    return Track.px(value);
  }
}
