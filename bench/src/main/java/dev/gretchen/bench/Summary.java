package dev.gretchen.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What the runs of a benchmark come to. Pure: runs in, numbers out.
///
/// A side whose answer was wrong in one round has no number for that workload: a wrong answer can
/// be had faster.
record Summary(List<Row> rows) {

  /// A side under a workload.
  ///
  /// @param wrong why it has no number, empty where it has
  /// @param runs those that count
  record Row(Workload workload, Side side, String wrong, List<RunLine> runs) {

    boolean isVoid() {
      return !wrong.isEmpty();
    }

    Spread spread(ToDoubleFunction<RunLine> value) {
      return Spread.of(runs.stream().mapToDouble(value).toArray());
    }

    double rate() {
      return spread(RunLine::recordsPerSecond).median();
    }

    double cpu() {
      return spread(RunLine::cpuMicrosPerRecord).median();
    }
  }

  /// A headline comparison: the engine to another side.
  ///
  /// @param ratio of records a second
  /// @param cpu of the CPU time of a record
  record Ratio(Workload workload, Side other, double ratio, double cpu) {

    /// The lines that programs look for.
    List<String> lines() {
      return List.of(
          String.format(
              Locale.ROOT,
              "ratio %.2f  records/s of the engine to those of %s (%s)",
              ratio,
              other.label(),
              workload.label()),
          String.format(
              Locale.ROOT,
              "ratio %.2f  CPU per record of the engine to that of %s (%s)",
              cpu,
              other.label(),
              workload.label()));
    }
  }

  static Summary of(List<Workload> workloads, Iterable<Side> sides, List<RunLine> lines) {
    List<Row> rows = new ArrayList<>();
    for (Workload workload : workloads) {
      for (Side side : sides) {
        List<RunLine> own =
            lines.stream()
                .filter(line -> line.stage().equals(workload.stage().word()))
                .filter(line -> line.keys() == workload.keys())
                .filter(line -> line.side().equals(side.word()))
                .toList();
        String wrong =
            own.isEmpty()
                ? "it did not run"
                : own.stream().map(RunLine::wrong).filter(w -> !w.isEmpty()).findFirst().orElse("");
        rows.add(new Row(workload, side, wrong, wrong.isEmpty() ? own : List.of()));
      }
    }
    return new Summary(List.copyOf(rows));
  }

  List<Row> rows(Workload workload) {
    return rows.stream().filter(row -> row.workload().equals(workload)).toList();
  }

  List<Workload> workloads() {
    return rows.stream().map(Row::workload).distinct().toList();
  }

  List<Row> voids() {
    return rows.stream().filter(Row::isVoid).toList();
  }

  List<Ratio> ratios() {
    List<Ratio> ratios = new ArrayList<>();
    for (Workload workload : workloads()) {
      Optional<Row> engine =
          rows(workload).stream()
              .filter(row -> row.side() == Side.ENGINE && !row.isVoid())
              .findFirst();
      for (Row row : rows(workload)) {
        if (engine.isPresent() && row.side() != Side.ENGINE && !row.isVoid()) {
          ratios.add(
              new Ratio(
                  workload,
                  row.side(),
                  engine.get().rate() / row.rate(),
                  engine.get().cpu() / row.cpu()));
        }
      }
    }
    return ratios;
  }
}
