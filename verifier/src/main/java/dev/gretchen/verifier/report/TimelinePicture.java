package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Timeline;
import java.util.List;

/// The timeline as a part of somebody else's page: the picture of the report, drawn while what it
/// shows goes on. Pure functions, any thread.
public final class TimelinePicture {

  private TimelinePicture() {}

  /// Well-formed HTML with inline SVG, all text escaped; no script, no request, no inline style.
  ///
  /// @param originMillis the moment called zero, epoch milliseconds
  /// @param faults in their order, which numbers them from 1; those outside of the axis are left
  ///   out
  /// @param workers all that there are, whether or not they own something within the axis, so that
  ///   each keeps its colour
  public static String render(
      Timeline timeline, List<FaultOutcome> faults, long originMillis, List<String> workers) {
    Html html = Html.fragment();
    TimeAxis axis = new TimeAxis(originMillis, timeline.startMillis(), timeline.endMillis());
    new TimelineFigure(timeline, axis, faults, WorkerColours.of(workers)).picture(html);
    return html.document();
  }

  /// The style of the report, whose classes the picture uses.
  public static String stylesheet() {
    return Stylesheet.CSS;
  }

  /// The colours of the picture: the n-th worker in [#order] has the n-th of these; beyond the last
  /// they come again, with dots.
  public static List<String> colours() {
    return WorkerColours.COLOURS;
  }

  /// Workers in the order in which they get their colours, `w2` before `w10`.
  public static List<String> order(List<String> workers) {
    return WorkerColours.inOrder(workers);
  }
}
