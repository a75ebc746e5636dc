package dev.gretchen.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What the rounds of a recovery benchmark come to. Pure: lines in, numbers out.
///
/// A side that did not recover once, or answered wrong, has no number.
record RecoverySummary(List<Row> rows) {

  /// A side.
  ///
  /// @param wrong why it has no number, empty where it has
  /// @param lines those that count
  record Row(Side side, String wrong, List<RecoveryLine> lines) {

    boolean isVoid() {
      return !wrong.isEmpty();
    }

    Spread spread(ToDoubleFunction<RecoveryLine> value) {
      return Spread.of(lines.stream().mapToDouble(value).toArray());
    }
  }

  /// A headline comparison: the engine and another side.
  record Ratio(double ratio, String what, Side other) {

    /// The line that programs look for.
    String line() {
      return String.format(Locale.ROOT, "ratio %.2f  %s (%s)", ratio, what, other.label());
    }
  }

  static RecoverySummary of(Iterable<Side> sides, List<RecoveryLine> lines) {
    List<Row> rows = new ArrayList<>();
    for (Side side : sides) {
      List<RecoveryLine> own =
          lines.stream().filter(line -> line.side().equals(side.word())).toList();
      String wrong =
          own.isEmpty()
              ? "it did not run"
              : own.stream()
                  .map(RecoveryLine::wrong)
                  .filter(why -> !why.isEmpty())
                  .findFirst()
                  .orElse("");
      rows.add(new Row(side, wrong, wrong.isEmpty() ? own : List.of()));
    }
    return new RecoverySummary(List.copyOf(rows));
  }

  List<Row> voids() {
    return rows.stream().filter(Row::isVoid).toList();
  }

  /// Each side with a number beside the engine's.
  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (Row own : rows) {
      if (own.side() != Side.ENGINE || own.isVoid()) {
        continue;
      }
      for (Row other : rows) {
        if (other.side() != Side.ENGINE && !other.isVoid()) {
          ratios.addAll(beside(own, other));
        }
      }
    }
    return ratios;
  }

  private static List<Ratio> beside(Row own, Row other) {
    return List.of(
        more(own, other, RecoveryLine::recordsPerCore, "records a second and core, empty disk"),
        more(
            own,
            other,
            RecoveryLine::recordsPerCoreInAll,
            "the same, with what the store tidies up afterwards"),
        more(own, other, RecoveryLine::recordsPerSecond, "records a second, empty disk"),
        new Ratio(
            median(other, RecoveryLine::firstMillis) / median(own, RecoveryLine::firstMillis),
            "how much sooner the first output comes, after kill -9 on the same disk",
            other.side()));
  }

  private static Ratio more(Row own, Row other, ToDoubleFunction<RecoveryLine> value, String what) {
    return new Ratio(median(own, value) / median(other, value), what, other.side());
  }

  private static double median(Row row, ToDoubleFunction<RecoveryLine> value) {
    return row.spread(value).median();
  }
}
