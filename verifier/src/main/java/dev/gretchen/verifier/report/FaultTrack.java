package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import java.util.ArrayList;
import java.util.List;

/// The faults: a numbered disc where one took effect, a bar until it was healed, a diamond there,
/// and kind and target in words. Labels are laid into lanes so that none covers another; with very
/// many faults first the words go, then the numbers.
final class FaultTrack implements Track {

  private static final int LANE = 20;
  private static final int TOP = 6;
  private static final int LANES_MAX = 12;

  /// How long a label may be, tried in this order.
  private static final List<Integer> LABEL_MAX = List.of(34, 22, 14);

  private static final double DISC = 9;

  private enum Detail {
    LABELS,
    NUMBERS,
    TICKS
  }

  /// Where a label stands.
  private enum Place {
    INSIDE,
    AFTER,
    BEFORE
  }

  /// A fault that lies on the axis, with its number in the table of faults.
  private record Shown(int number, FaultOutcome fault, String label, double from, double to) {}

  private final List<Shown> shown;
  private final List<Integer> lanes;
  private final Detail detail;

  private FaultTrack(List<Shown> shown, List<Integer> lanes, Detail detail) {
    this.shown = shown;
    this.lanes = lanes;
    this.detail = detail;
  }

  /// With as many words as there is room for.
  static FaultTrack of(List<FaultOutcome> faults, TimeAxis axis) {
    for (int labelMax : LABEL_MAX) {
      List<Shown> shown = shown(faults, axis, labelMax);
      List<Integer> lanes = Lanes.of(spans(shown, true));
      if (Lanes.count(lanes) <= LANES_MAX) {
        return new FaultTrack(shown, lanes, Detail.LABELS);
      }
    }
    List<Shown> shown = shown(faults, axis, LABEL_MAX.getLast());
    List<Integer> lanes = Lanes.of(spans(shown, false));
    return Lanes.count(lanes) <= LANES_MAX
        ? new FaultTrack(shown, lanes, Detail.NUMBERS)
        : new FaultTrack(shown, shown.stream().map(_ -> 0).toList(), Detail.TICKS);
  }

  private static List<Shown> shown(List<FaultOutcome> faults, TimeAxis axis, int labelMax) {
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      FaultOutcome fault = faults.get(i);
      if (axis.holds(fault.at())) {
        double from = axis.fraction(fault.at());
        double to = fault.healedAt() > fault.at() ? axis.fraction(fault.healedAt()) : from;
        shown.add(new Shown(i + 1, fault, label(fault, labelMax), from, to));
      }
    }
    return shown;
  }

  @Override
  public int height() {
    return TOP + Math.max(1, Lanes.count(lanes)) * LANE + 2;
  }

  @Override
  public String description() {
    return Phrases.count(shown.size(), "fault") + "; the table of faults tells the same in words";
  }

  @Override
  public void gutter(Html html) {
    Track.gutterText(html, "name", TOP + 13, "faults");
  }

  @Override
  public void plot(Html html, TimeAxis axis) {
    for (int i = 0; i < shown.size(); i++) {
      fault(html, axis, shown.get(i), TOP + lanes.get(i) * LANE);
    }
  }

  private void fault(Html html, TimeAxis axis, Shown item, int y) {
    String proven = item.fault().proven() ? "" : " unproven";
    String middle = Track.px(y + DISC);
    html.open("g", "class", "fault" + proven);
    html.leaf("title", title(axis, item));
    if (item.to() > item.from()) {
      html.empty(
          "rect",
          "class",
          "active",
          "x",
          TimeAxis.percent(item.from()),
          "y",
          Track.px(y + 1),
          "width",
          TimeAxis.percent(item.to() - item.from()),
          "height",
          "16",
          "rx",
          "2");
      html.open("svg", "x", TimeAxis.percent(item.to()), "y", middle, "class", "pin")
          .empty("path", "class", "healed", "d", "M0 -4.5L4.5 0L0 4.5L-4.5 0Z")
          .close();
    }
    if (detail == Detail.TICKS) {
      html.open("svg", "x", TimeAxis.percent(item.from()), "class", "pin")
          .empty("path", "class", "stroke", "d", "M0 6V24")
          .close();
    } else {
      disc(html, item, middle);
    }
    html.close();
  }

  private void disc(Html html, Shown item, String middle) {
    String x = TimeAxis.percent(item.from());
    html.empty("circle", "class", "disc", "cx", x, "cy", middle, "r", "7.5");
    html.leaf(
        "text",
        Integer.toString(item.number()),
        "class",
        "number",
        "x",
        x,
        "y",
        middle,
        "dy",
        "3.4");
    if (detail == Detail.LABELS) {
      label(html, item, middle);
    }
  }

  private static void label(Html html, Shown item, String middle) {
    Place place = place(item);
    html.leaf(
        "text",
        item.label(),
        "class",
        "label wide",
        "x",
        TimeAxis.percent(place == Place.AFTER ? item.to() : item.from()),
        "dx",
        indent(item, place),
        "y",
        middle,
        "dy",
        "3.7",
        "text-anchor",
        place == Place.BEFORE ? "end" : "start");
  }

  /// Clears the disc or, after a bar that can be seen, its diamond.
  private static String indent(Shown item, Place place) {
    boolean bar = (item.to() - item.from()) * WIDE > 4;
    return place == Place.BEFORE ? "-12" : place == Place.AFTER && bar ? "9" : "12";
  }

  private static List<Lanes.Span> spans(List<Shown> shown, boolean labels) {
    List<Lanes.Span> spans = new ArrayList<>();
    for (Shown item : shown) {
      double from = item.from() * WIDE - DISC;
      double to = Math.max(item.from() * WIDE, item.to() * WIDE) + DISC;
      if (labels && place(item) == Place.BEFORE) {
        from -= labelWidth(item);
      } else if (labels && place(item) == Place.AFTER) {
        to += labelWidth(item);
      }
      spans.add(new Lanes.Span(from, to + 4));
    }
    return spans;
  }

  /// In the bar if it is long enough, else after it, else, for want of room there, before the disc.
  private static Place place(Shown item) {
    double bar = (item.to() - item.from()) * WIDE;
    if (bar > labelWidth(item) + DISC + 8) {
      return Place.INSIDE;
    }
    return item.to() * WIDE + DISC + labelWidth(item) > WIDE ? Place.BEFORE : Place.AFTER;
  }

  private static double labelWidth(Shown item) {
    return item.label().length() * CHARACTER + 6;
  }

  private static String label(FaultOutcome fault, int max) {
    String words = PlainText.shortLine(fault.kind() + " " + fault.target(), max);
    return fault.proven() ? words : words + " (unproven)";
  }

  private static String title(TimeAxis axis, Shown item) {
    FaultOutcome fault = item.fault();
    return "%d. %s %s on %s at %s%s%nproof: %s"
        .formatted(
            item.number(),
            fault.id(),
            fault.kind(),
            fault.target(),
            axis.moment(fault.at()),
            fault.healedAt() > fault.at() ? ", healed at " + axis.moment(fault.healedAt()) : "",
            fault.proof());
  }
}
