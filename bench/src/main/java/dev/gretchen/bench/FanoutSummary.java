package dev.gretchen.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the steps of a fan-out benchmark come to. Pure: lines in, numbers out.
record FanoutSummary(List<Row> rows) {

  static final String CALM = "calm";
  static final String HOT = "hot";

  /// A side.
  ///
  /// @param calm every room with a post a second
  /// @param most the step of the hot room with most deliveries that was sustained, empty where none
  ///   was
  record Row(FanoutSide side, FanoutLine calm, Optional<FanoutLine> most) {}

  /// A headline comparison.
  record Ratio(double ratio, String what) {

    /// The line that programs look for.
    String line() {
      return String.format(Locale.ROOT, "ratio %.2f  %s", ratio, what);
    }
  }

  /// Sides that did not run have no row.
  static FanoutSummary of(List<FanoutLine> lines) {
    List<Row> rows = new ArrayList<>();
    for (FanoutSide side : FanoutSide.values()) {
      List<FanoutLine> own =
          lines.stream().filter(line -> line.side().equals(side.word())).toList();
      Optional<FanoutLine> calm = own.stream().filter(line -> line.step().equals(CALM)).findFirst();
      Optional<FanoutLine> most =
          own.stream()
              .filter(line -> line.step().equals(HOT) && line.isSustained())
              .max(Comparator.comparingDouble(FanoutLine::delivered));
      calm.ifPresent(line -> rows.add(new Row(side, line, most)));
    }
    return new FanoutSummary(rows);
  }

  /// Each comparison of which both sides have a number.
  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    add(ratios, FanoutSide.CHAT, FanoutSide.LOOP, "deliveries, feed-chat against a bare loop");
    add(
        ratios,
        FanoutSide.CHAT_COALESCED,
        FanoutSide.CHAT,
        "deliveries, coalesced for 50 ms against a write a post");
    return ratios;
  }

  private void add(List<Ratio> ratios, FanoutSide side, FanoutSide against, String what) {
    Optional<FanoutLine> own = most(side);
    Optional<FanoutLine> other = most(against);
    if (own.isPresent() && other.isPresent()) {
      ratios.add(new Ratio(own.get().delivered() / other.get().delivered(), what));
    }
  }

  private Optional<FanoutLine> most(FanoutSide side) {
    return rows.stream().filter(row -> row.side() == side).findFirst().flatMap(Row::most);
  }

  /// Whether every side has both numbers.
  boolean isComplete() {
    return Arrays.stream(FanoutSide.values()).allMatch(side -> most(side).isPresent());
  }
}
