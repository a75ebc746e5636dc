package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Timeline.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The flags of a timeline, such as anomalies; those too close together to be told apart share one.
final class MarkTrack implements Track {

  private static final int LANE = 18;
  private static final int TOP = 4;
  private static final int LANES_MAX = 4;
  private static final int LABEL_MAX = 44;
  private static final double DISTINCT = 0.004;

  private record Flag(Mark first, List<String> titles) {}

  private final List<Flag> flags = new ArrayList<>();
  private final List<Integer> lanes;
  private final boolean labelled;

  MarkTrack(List<Mark> marks, TimeAxis axis) {
    marks.stream()
        .filter(mark -> axis.holds(mark.atMillis()))
        .sorted(Comparator.comparingLong(Mark::atMillis))
        .forEach(mark -> add(mark, axis));
    List<Integer> packed = Lanes.of(flags.stream().map(flag -> span(flag, axis)).toList());
    labelled = Lanes.count(packed) <= LANES_MAX;
    lanes = labelled ? packed : flags.stream().map(_ -> 0).toList();
  }

  private void add(Mark mark, TimeAxis axis) {
    String title = axis.moment(mark.atMillis()) + ": " + mark.label();
    if (!flags.isEmpty()) {
      Flag last = flags.getLast();
      if (axis.fraction(mark.atMillis()) - axis.fraction(last.first().atMillis()) < DISTINCT) {
        last.titles().add(title);
        return;
      }
    }
    flags.add(new Flag(mark, new ArrayList<>(List.of(title))));
  }

  @Override
  public int height() {
    return TOP + Lanes.count(lanes) * LANE + 2;
  }

  @Override
  public String description() {
    return Phrases.count(flags.size(), "flag");
  }

  @Override
  public void gutter(Html html) {
    Track.gutterText(html, "name key-mark", TOP + 12, "anomalies");
  }

  @Override
  public void plot(Html html, TimeAxis axis) {
    for (int i = 0; i < flags.size(); i++) {
      Flag flag = flags.get(i);
      int y = TOP + lanes.get(i) * LANE;
      html.open("g", "class", "mark").leaf("title", title(flag));
      html.open(
              "svg", "x", axis.x(flag.first().atMillis()), "y", Integer.toString(y), "class", "pin")
          .empty("path", "class", "stroke", "d", "M0 0V16")
          .empty("path", "class", "flag", "d", "M0 1L9 5L0 9Z")
          .close();
      if (labelled) {
        boolean left = leftward(flag, axis);
        html.leaf(
            "text",
            label(flag),
            "class",
            "label wide",
            "x",
            axis.x(flag.first().atMillis()),
            "y",
            Integer.toString(y + 10),
            "dx",
            left ? "-5" : "13",
            "text-anchor",
            left ? "end" : "start");
      }
      html.close();
    }
  }

  private static Lanes.Span span(Flag flag, TimeAxis axis) {
    double at = axis.fraction(flag.first().atMillis()) * WIDE;
    return leftward(flag, axis)
        ? new Lanes.Span(at - textWidth(flag), at + 14)
        : new Lanes.Span(at - 2, at + 14 + textWidth(flag));
  }

  private static boolean leftward(Flag flag, TimeAxis axis) {
    return axis.fraction(flag.first().atMillis()) * WIDE + 14 + textWidth(flag) > WIDE;
  }

  private static double textWidth(Flag flag) {
    return label(flag).length() * CHARACTER + 6;
  }

  private static String label(Flag flag) {
    int more = flag.titles().size() - 1;
    return PlainText.shortLine(flag.first().label(), LABEL_MAX)
        + (more > 0 ? " (+" + more + ")" : "");
  }

  private static String title(Flag flag) {
    int shown = Math.min(10, flag.titles().size());
    String text = String.join("\n", flag.titles().subList(0, shown));
    return shown < flag.titles().size()
        ? text + "\nand " + (flag.titles().size() - shown) + " more"
        : text;
  }
}
