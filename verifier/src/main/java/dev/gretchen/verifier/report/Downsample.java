package dev.gretchen.verifier.report;

import java.util.ArrayList;
import java.util.List;

/// Thins out a series for drawing without hiding what matters: of each bucket it keeps the largest
/// value (a burst of lag) and the smallest (a second without output), in the order of their time.
final class Downsample {

  /// More points than this cannot be told apart on a screen.
  static final int POINTS_MAX = 600;

  /// @param index the second it stands for, from 0
  record Point(int index, long value) {}

  private Downsample() {}

  static List<Point> points(List<Long> values) {
    List<Point> points = new ArrayList<>();
    int size = Math.max(1, Math.ceilDiv(values.size() * 2, POINTS_MAX));
    if (values.size() <= POINTS_MAX) {
      size = 1;
    }
    for (int from = 0; from < values.size(); from += size) {
      int to = Math.min(values.size(), from + size);
      int least = from;
      int most = from;
      for (int i = from; i < to; i++) {
        least = values.get(i) < values.get(least) ? i : least;
        most = values.get(i) > values.get(most) ? i : most;
      }
      add(points, values, Math.min(least, most));
      if (least != most) {
        add(points, values, Math.max(least, most));
      }
    }
    return points;
  }

  private static void add(List<Point> points, List<Long> values, int index) {
    points.add(new Point(index, values.get(index)));
  }
}
