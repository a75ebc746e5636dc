package dev.gretchen.verifier.report;

import java.util.ArrayList;
import java.util.List;

/// Lays intervals into as few lanes as it takes for none to overlap: each goes into the first lane
/// that is free where it begins. For intervals ordered by their beginning that is optimal.
final class Lanes {

  /// An interval in any unit.
  record Span(double from, double to) {}

  private Lanes() {}

  /// The lane of each span, from 0, in the order given.
  static List<Integer> of(List<Span> spans) {
    List<List<Span>> lanes = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    for (Span span : spans) {
      int lane = 0;
      while (lane < lanes.size() && lanes.get(lane).stream().anyMatch(s -> overlap(s, span))) {
        lane++;
      }
      if (lane == lanes.size()) {
        lanes.add(new ArrayList<>());
      }
      lanes.get(lane).add(span);
      result.add(lane);
    }
    return result;
  }

  static int count(List<Integer> lanes) {
    return lanes.stream().mapToInt(lane -> lane + 1).reduce(0, Math::max);
  }

  private static boolean overlap(Span a, Span b) {
    return a.from < b.to && b.from < a.to;
  }
}
