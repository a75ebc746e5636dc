package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/// A point of the record over time: a run, or what runs have in common. Pure.
///
/// Figures are medians over the group's runs, those of memory the largest; [RunEntry#NOT_MEASURED]
/// where none of its runs has one.
///
/// @param group the run's path, a commit, or a day
/// @param firstAt epoch milliseconds at which the first of its runs began
/// @param runs how many there are
/// @param failed how many of them ended with FAIL
/// @param eventsPerSecond see [RunFigures]
/// @param p50Millis median latency of the slowest stream
/// @param p99Millis 99th percentile of the slowest stream's latency
/// @param availability share of the seconds in which the least available stream was up
/// @param residentMaxBytes the most memory that a worker had
/// @param growthBytesPerHour by how much it grew at the most
/// @param faults how takeovers went, by kind of fault, in the order of the kinds' names
public record Trend(
    String group,
    long firstAt,
    int runs,
    int failed,
    long eventsPerSecond,
    long p50Millis,
    long p99Millis,
    double availability,
    long residentMaxBytes,
    long growthBytesPerHour,
    List<FaultFigures> faults) {

  private static final double MILLION = 1e6;

  public Trend {
    faults = List.copyOf(faults);
  }

  /// Puts runs together.
  ///
  /// @param runs the oldest first; those without a verdict say nothing
  /// @param faults of the runs, by their paths
  /// @return the oldest first
  static List<Trend> of(
      List<RunEntry> runs, Map<String, List<FaultRow>> faults, Grouping grouping) {
    Map<String, List<RunEntry>> groups = new LinkedHashMap<>();
    for (RunEntry run : runs) {
      if (run.outcome() != null && run.startedAt() > 0) {
        groups.computeIfAbsent(grouping.of(run), _ -> new ArrayList<>()).add(run);
      }
    }
    List<Trend> trends = new ArrayList<>();
    groups.forEach((group, members) -> trends.add(of(group, members, faults)));
    return List.copyOf(trends);
  }

  private static Trend of(
      String group, List<RunEntry> runs, Map<String, List<FaultRow>> faultsOfRuns) {
    List<FaultRow> faults =
        runs.stream()
            .flatMap(run -> faultsOfRuns.getOrDefault(run.path(), List.of()).stream())
            .toList();
    return new Trend(
        group,
        runs.getFirst().startedAt(),
        runs.size(),
        (int) runs.stream().filter(run -> run.outcome() == Outcome.FAIL).count(),
        median(runs, run -> run.figures().eventsPerSecond()),
        median(runs, run -> run.figures().p50Millis()),
        median(runs, RunEntry::p99Millis),
        availability(runs),
        most(runs, run -> run.figures().residentMaxBytes()),
        most(runs, run -> run.figures().growthBytesPerHour()),
        byKind(faults));
  }

  private static double availability(List<RunEntry> runs) {
    long median =
        median(
            runs,
            run ->
                run.availability() < 0
                    ? RunEntry.NOT_MEASURED
                    : Math.round(run.availability() * MILLION));
    return median < 0 ? median : median / MILLION;
  }

  private static long median(List<RunEntry> runs, ToLongFunction<RunEntry> value) {
    Percentiles found =
        Percentiles.of(runs.stream().mapToLong(value).filter(each -> each >= 0).boxed().toList());
    return found.count() == 0 ? RunEntry.NOT_MEASURED : found.p50();
  }

  private static long most(List<RunEntry> runs, ToLongFunction<RunEntry> value) {
    return runs.stream().mapToLong(value).max().orElse(RunEntry.NOT_MEASURED);
  }

  static List<FaultFigures> byKind(Collection<FaultRow> faults) {
    Map<String, List<FaultRow>> kinds = new TreeMap<>();
    faults.forEach(row -> kinds.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row));
    return kinds.entrySet().stream()
        .map(each -> FaultRow.figures(each.getKey(), each.getValue()))
        .toList();
  }
}
