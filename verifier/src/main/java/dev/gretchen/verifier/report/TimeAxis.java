package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/// The time axis that all tracks of the picture share. Positions are percentages of the track's
/// width, so that the picture fits any screen without being scaled.
///
/// @param originMillis the moment called zero: the start of the load
/// @param startMillis left end, epoch milliseconds
/// @param endMillis right end, epoch milliseconds
record TimeAxis(long originMillis, long startMillis, long endMillis) {

  private static final long[] STEPS_SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 604_800
  };
  private static final int TICKS_MAX = 12;

  /// A labelled moment.
  record Tick(String label, long atMillis) {}

  /// The axis of the timeline or, where that is empty, of the run.
  static TimeAxis of(Verdict verdict, Timeline timeline) {
    boolean recorded = timeline.endMillis() > timeline.startMillis();
    long start = recorded ? timeline.startMillis() : verdict.startedAt();
    long end = recorded ? timeline.endMillis() : verdict.endedAt();
    boolean originInside = verdict.startedAt() >= start && verdict.startedAt() < end;
    return new TimeAxis(originInside ? verdict.startedAt() : start, start, end);
  }

  boolean empty() {
    return endMillis <= startMillis;
  }

  boolean holds(long millis) {
    return millis >= startMillis && millis <= endMillis;
  }

  /// From 0 at the left to 1 at the right; what lies outside is moved to the nearer end.
  double fraction(long millis) {
    double fraction = (millis - startMillis) / (double) (endMillis - startMillis);
    return Math.clamp(fraction, 0, 1);
  }

  String x(long millis) {
    return percent(fraction(millis));
  }

  /// `12.345%`
  static String percent(double fraction) {
    long thousandths = Math.round(fraction * 100_000);
    long rest = thousandths % 1000;
    return thousandths / 1000
        + (rest == 0 ? "" : "." + Long.toString(1000 + rest).substring(1))
        + "%";
  }

  /// The moment in seconds since the origin, `12.3 s`.
  String moment(long millis) {
    return Phrases.seconds(millis - originMillis);
  }

  List<Tick> ticks() {
    List<Tick> ticks = new ArrayList<>();
    long step = step() * 1000;
    long first = Math.ceilDiv(startMillis - originMillis, step) * step;
    for (long at = first; at <= endMillis - originMillis; at += step) {
      ticks.add(new Tick(Phrases.number(at / 1000).replace('-', '−'), originMillis + at));
    }
    return ticks;
  }

  private long step() {
    long seconds = (endMillis - startMillis) / 1000;
    for (long step : STEPS_SECONDS) {
      if (seconds / step <= TICKS_MAX) {
        return step;
      }
    }
    return Math.ceilDiv(seconds, TICKS_MAX);
  }
}
