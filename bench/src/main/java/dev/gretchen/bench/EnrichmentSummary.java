package dev.gretchen.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the rounds of an enrichment benchmark come to. Pure: lines in, numbers out.
///
/// A side that answered wrong once has no number.
record EnrichmentSummary(List<Row> rows) {

  /// A side.
  ///
  /// @param wrong why it has no number, empty where it has
  /// @param perSecond orders a second, a number for each round
  record Row(EnrichmentSide side, int calls, String wrong, List<Double> perSecond) {

    boolean isVoid() {
      return !wrong.isEmpty();
    }

    Spread spread() {
      return Spread.of(perSecond.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /// A headline comparison.
  record Ratio(double ratio, String what) {

    /// The line that programs look for.
    String line() {
      return String.format(Locale.ROOT, "ratio %.2f  %s", ratio, what);
    }
  }

  static EnrichmentSummary of(EnrichmentOptions options, List<EnrichmentLine> lines) {
    return new EnrichmentSummary(
        Arrays.stream(EnrichmentSide.values()).map(side -> row(side, options, lines)).toList());
  }

  private static Row row(
      EnrichmentSide side, EnrichmentOptions options, List<EnrichmentLine> lines) {
    List<EnrichmentLine> own =
        lines.stream().filter(line -> line.side().equals(side.word())).toList();
    String wrong =
        own.isEmpty()
            ? "it did not run"
            : own.stream()
                .map(EnrichmentLine::wrong)
                .filter(why -> !why.isEmpty())
                .findFirst()
                .orElse("");
    return new Row(
        side,
        side.calls(options),
        wrong,
        wrong.isEmpty() ? own.stream().map(EnrichmentLine::perSecond).toList() : List.of());
  }

  List<Row> voids() {
    return rows.stream().filter(Row::isVoid).toList();
  }

  /// Each comparison of which both sides have a number.
  List<Ratio> ratios(EnrichmentOptions options) {
    String many =
        "%d calls of %d ms at a time against one, exactly once"
            .formatted(options.concurrency(), options.callMillis());
    List<Ratio> ratios = new ArrayList<>();
    add(ratios, EnrichmentSide.MANY, EnrichmentSide.ONE, many);
    add(ratios, EnrichmentSide.MANY_HTTP, EnrichmentSide.ONE_HTTP, many + ", over HTTP");
    add(
        ratios,
        EnrichmentSide.MANY,
        EnrichmentSide.MANY_AT_LEAST_ONCE,
        "exactly once against at least once");
    return ratios;
  }

  private Row row(EnrichmentSide side) {
    return rows.stream().filter(row -> row.side() == side).findFirst().orElseThrow();
  }

  private void add(List<Ratio> ratios, EnrichmentSide side, EnrichmentSide against, String what) {
    Row own = row(side);
    Row other = row(against);
    if (!own.isVoid() && !other.isVoid()) {
      ratios.add(new Ratio(own.spread().median() / other.spread().median(), what));
    }
  }
}
