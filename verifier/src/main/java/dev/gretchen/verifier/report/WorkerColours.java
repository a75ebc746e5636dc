package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Timeline;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A colour per worker that people with any colour vision can tell apart (Okabe and Ito, 2008, and
/// a grey), on light and on dark. From the ninth worker on the colours come again with dots. The
/// worker's name stands in the bars as well, so that nothing is said by colour alone.
final class WorkerColours {

  static final List<String> COLOURS =
      List.of(
          "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#9a9a9a");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Map<String, Integer> indices = new LinkedHashMap<>();

  private WorkerColours() {}

  /// The workers of a timeline in the order of their names, `w2` before `w10`.
  static WorkerColours of(Timeline timeline) {
    return of(timeline.ownership().stream().map(Timeline.Tenure::worker).toList());
  }

  /// The workers of some names, in their order.
  static WorkerColours of(List<String> workers) {
    WorkerColours colours = new WorkerColours();
    inOrder(workers).forEach(name -> colours.indices.put(name, colours.indices.size()));
    return colours;
  }

  /// Each name once, `w2` before `w10`.
  static List<String> inOrder(List<String> names) {
    return names.stream()
        .distinct()
        .sorted(Comparator.comparing(WorkerColours::sortable).thenComparing(name -> name))
        .toList();
  }

  List<String> workers() {
    return List.copyOf(indices.keySet());
  }

  String running(String worker) {
    int index = index(worker);
    return index < COLOURS.size() ? colour(index) : "url(#run-" + index + ")";
  }

  String recovering(String worker) {
    return "url(#rec-" + index(worker) + ")";
  }

  /// The class of text on the worker's colour.
  String ink(String worker) {
    return index(worker) % COLOURS.size() == 0 ? "on-deep" : "on-bright";
  }

  /// Draws the patterns that the other methods refer to, once per page.
  void define(Html html) {
    html.open("svg", "class", "defs", "width", "0", "height", "0", "aria-hidden", "true");
    html.open("defs");
    for (int index = 0; index < indices.size(); index++) {
      pattern(html, "rec-" + index, "rotate(45)", "5");
      html.empty("rect", "width", "5", "height", "5", "class", "paper");
      html.empty(
          "rect", "width", "5", "height", "5", "fill", colour(index), "fill-opacity", "0.25");
      html.empty("rect", "width", "2", "height", "5", "fill", colour(index));
      html.close();
      if (index >= COLOURS.size()) {
        pattern(html, "run-" + index, "rotate(30)", "5");
        html.empty("rect", "width", "5", "height", "5", "fill", colour(index));
        html.empty("circle", "cx", "2.5", "cy", "2.5", "r", "1.1", "class", "dot").close();
      }
    }
    html.close().close();
  }

  private static void pattern(Html html, String id, String transform, String size) {
    html.open(
        "pattern",
        "id",
        id,
        "width",
        size,
        "height",
        size,
        "patternUnits",
        "userSpaceOnUse",
        "patternTransform",
        transform);
  }

  private int index(String worker) {
    return indices.getOrDefault(worker, 0);
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  /// Numbers in a name padded, so that they sort by value.
  private static String sortable(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(n -> "0".repeat(Math.max(0, 12 - n.group().length())) + n.group());
  }
}
