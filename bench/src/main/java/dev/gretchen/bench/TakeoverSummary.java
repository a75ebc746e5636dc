package dev.gretchen.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// What the faults of a takeover benchmark come to. Pure: lines in, numbers out.
///
/// A side that answered wrong, or did not take over, has no number. Percentiles are by nearest
/// rank.
record TakeoverSummary(TakeoverFault fault, List<Row> rows) {

  private static final double P99 = 0.99;

  /// A side.
  ///
  /// @param wrong why it has no number, empty where it has
  /// @param lines those that count
  record Row(TakeoverSide side, String wrong, List<TakeoverLine> lines) {

    boolean isVoid() {
      return !wrong.isEmpty();
    }

    /// The fault-free silence: the median of the calm stretches' longest, of partitions that were
    /// to be hit.
    long usual() {
      return percentile(0.5, TakeoverLine::usual);
    }

    /// A percentile of the silence beyond the fault-free one.
    long beyond(double part) {
      long usual = usual();
      return percentile(part, line -> Math.max(0, line.silence() - usual));
    }

    /// By how much the others' 99th percentile lies beyond that of their calm stretches.
    long collateral() {
      return percentile(P99, TakeoverLine::others) - percentile(P99, TakeoverLine::othersUsual);
    }

    /// Changelog records that were read before tasks ran, in all; -1 where the side does not say.
    long replayed() {
      return lines.stream().anyMatch(line -> line.replayed() < 0)
          ? -1
          : lines.stream().mapToLong(TakeoverLine::replayed).sum();
    }

    long percentile(double part, ToLongFunction<TakeoverLine> value) {
      long[] sorted = lines.stream().mapToLong(value).sorted().toArray();
      return sorted[Math.clamp((int) Math.ceil(part * sorted.length) - 1, 0, sorted.length - 1)];
    }

    /// The median of each phase, over the faults that reached it.
    Map<String, Long> phases() {
      Map<String, List<Long>> all = new TreeMap<>();
      lines.forEach(line ->
          line.phases()
              .forEach((phase, millis) ->
                  all.computeIfAbsent(phase, _ -> new ArrayList<>()).add(millis)));
      Map<String, Long> medians = new TreeMap<>();
      all.forEach((phase, millis) -> {
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        medians.put(phase, sorted[(sorted.length - 1) / 2]);
      });
      return medians;
    }
  }

  /// A headline comparison: another side to the engine.
  record Ratio(TakeoverFault fault, TakeoverSide other, double ratio) {

    /// The line that programs look for.
    String line() {
      return String.format(
          Locale.ROOT,
          "ratio %.1f  silence beyond the usual of %s to that of the engine (%s, medians)",
          ratio,
          other.label(),
          fault.label());
    }
  }

  static TakeoverSummary of(
      TakeoverFault fault, Iterable<TakeoverSide> sides, List<TakeoverLine> lines) {
    List<Row> rows = new ArrayList<>();
    for (TakeoverSide side : sides) {
      List<TakeoverLine> own =
          lines.stream().filter(line -> line.side().equals(side.word())).toList();
      String wrong =
          own.isEmpty()
              ? "it did not run"
              : own.stream()
                  .map(TakeoverLine::wrong)
                  .filter(why -> !why.isEmpty())
                  .findFirst()
                  .orElse("");
      rows.add(new Row(side, wrong, wrong.isEmpty() ? own : List.of()));
    }
    return new TakeoverSummary(fault, List.copyOf(rows));
  }

  List<Row> voids() {
    return rows.stream().filter(Row::isVoid).toList();
  }

  /// Each side with a number beside the engine's; less than a millisecond counts as one.
  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (Row own : rows) {
      if (own.side() != TakeoverSide.ENGINE || own.isVoid()) {
        continue;
      }
      for (TakeoverSide other : Arrays.asList(TakeoverSide.values())) {
        rows.stream()
            .filter(row -> row.side() == other && other != own.side() && !row.isVoid())
            .forEach(row ->
                ratios.add(
                    new Ratio(
                        fault, other, row.beyond(0.5) / (double) Math.max(1, own.beyond(0.5)))));
      }
    }
    return ratios;
  }
}
