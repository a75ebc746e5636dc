package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The picture of a run: all tracks one below the other on one time axis.
///
/// Each track is a pair of SVGs in a two-column grid. The plots are as wide as the page allows and
/// place everything by percentages, so that letters and strokes keep their size on a phone.
final class TimelineFigure {

  /// More lines than this would be a curtain before the picture.
  private static final int GUIDES_MAX = 200;

  private final Timeline timeline;
  private final TimeAxis axis;
  private final List<FaultOutcome> faults;
  private final WorkerColours colours;

  TimelineFigure(
      Timeline timeline, TimeAxis axis, List<FaultOutcome> faults, WorkerColours colours) {
    this.timeline = timeline;
    this.axis = axis;
    this.faults = faults;
    this.colours = colours;
  }

  /// Of a run that is over.
  static TimelineFigure of(Verdict verdict, Timeline timeline) {
    return new TimelineFigure(
        timeline, TimeAxis.of(verdict, timeline), verdict.faults(), WorkerColours.of(timeline));
  }

  void render(Html html) {
    html.open("section", "aria-labelledby", "timeline").leaf("h2", "Timeline", "id", "timeline");
    picture(html);
    html.close();
  }

  /// The picture without its heading.
  void picture(Html html) {
    List<Track> tracks = axis.empty() ? List.of() : tracks();
    if (tracks.isEmpty()) {
      html.leaf("p", "Nothing was recorded over time.", "class", "nothing");
    } else {
      colours.define(html);
      legend(html);
      html.open("div", "class", "timeline");
      tracks.forEach(track -> track(html, track));
      track(html, new AxisTrack());
      html.close();
    }
  }

  private List<Track> tracks() {
    List<Track> tracks = new ArrayList<>();
    List<CurveTrack.Curve> rates = new ArrayList<>();
    List<Track> others = new ArrayList<>();
    for (Timeline.Series series : timeline.series()) {
      switch (series.name()) {
        case "input", "output" -> rates.add(curve(series, series.name()));
        case "lag" -> others.add(new CurveTrack("events", List.of(curve(series, "lag"))));
        default -> others.add(new CurveTrack("", List.of(curve(series, "output"))));
      }
    }
    if (!rates.isEmpty()) {
      tracks.add(new CurveTrack("events/s", rates));
    }
    tracks.addAll(others);
    if (!faults.isEmpty()) {
      tracks.add(FaultTrack.of(faults, axis));
    }
    if (!timeline.marks().isEmpty()) {
      tracks.add(new MarkTrack(timeline.marks(), axis));
    }
    Map<String, List<Timeline.Tenure>> topics =
        timeline.ownership().stream()
            .collect(
                Collectors.groupingBy(Timeline.Tenure::topic, TreeMap::new, Collectors.toList()));
    topics.forEach((topic, tenures) -> tracks.add(new GanttTrack(topic, tenures, colours)));
    return tracks;
  }

  private static CurveTrack.Curve curve(Timeline.Series series, String look) {
    return new CurveTrack.Curve(series.name(), look, series.values());
  }

  private void track(Html html, Track track) {
    String height = Integer.toString(track.height());
    html.open("div", "class", "track");
    html.open("svg", "class", "gutter", "height", height, "aria-hidden", "true");
    track.gutter(html);
    html.close();
    html.open(
        "svg", "class", "plot", "height", height, "role", "img", "aria-label", track.description());
    guides(html);
    track.plot(html, axis);
    html.close().close();
  }

  /// The vertical lines that go through every track: ticks, faults, flags.
  private void guides(Html html) {
    axis.ticks().forEach(tick -> guide(html, "grid", tick.atMillis()));
    guides(html, "guide", faults.stream().mapToLong(FaultOutcome::at));
    guides(html, "guide flagged", timeline.marks().stream().mapToLong(Timeline.Mark::atMillis));
  }

  private void guides(Html html, String look, LongStream moments) {
    List<String> places = moments.filter(axis::holds).mapToObj(axis::x).distinct().toList();
    if (places.size() <= GUIDES_MAX) {
      places.forEach(x -> guide(html, look, x));
    }
  }

  private void guide(Html html, String look, long at) {
    guide(html, look, axis.x(at));
  }

  private static void guide(Html html, String look, String x) {
    html.empty("line", "class", look, "x1", x, "x2", x, "y2", "100%");
  }

  private void legend(Html html) {
    List<String> workers = colours.workers();
    html.open("ul", "class", "legend", "aria-label", "Legend of the timeline");
    for (String worker : workers) {
      entry(html, colours.running(worker), PlainText.shortLine(worker, 24));
    }
    if (!workers.isEmpty()) {
      entry(html, colours.recovering(workers.getFirst()), "hatched: recovering");
      html.open("li");
      swatch(html);
      html.empty("rect", "class", "unowned", "width", "22", "height", "12", "rx", "1.5");
      html.close().text("nobody owned it").close();
    }
    if (!faults.isEmpty()) {
      html.open("li");
      swatch(html);
      html.empty("circle", "class", "disc", "cx", "6", "cy", "6", "r", "5.5")
          .empty("path", "class", "healed", "d", "M17 1.5L21.5 6L17 10.5L12.5 6Z")
          .close()
          .text("fault, healed")
          .close();
    }
    html.close();
  }

  private static void entry(Html html, String fill, String words) {
    html.open("li");
    swatch(html);
    html.empty("rect", "width", "22", "height", "12", "rx", "1.5", "fill", fill).close();
    html.text(words).close();
  }

  private static void swatch(Html html) {
    html.open("svg", "width", "22", "height", "12", "aria-hidden", "true");
  }
}
