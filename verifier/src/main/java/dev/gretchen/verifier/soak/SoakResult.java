package dev.gretchen.verifier.soak;

import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a soak has shown so far: a pure function of its plan and its journal.
///
/// Of a run that was tried twice the worse decision counts, where there is one; an attempt that
/// decided nothing counts only where the other did not decide either.
///
/// @param canaries the runs of broken engines
/// @param runs all other runs
/// @param catalogue what became of each kind of fault, where it goes through a catalogue
public record SoakResult(List<Ended> canaries, List<Ended> runs, List<Coverage.Row> catalogue) {

  public SoakResult {
    canaries = List.copyOf(canaries);
    runs = List.copyOf(runs);
    catalogue = List.copyOf(catalogue);
  }

  static SoakResult of(SoakPlan plan, List<Entry> entries) {
    SortedMap<Integer, Ended> byNumber = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry instanceof Ended ended) {
        byNumber.merge(ended.run(), ended, SoakResult::ofTwo);
      }
    }
    List<Ended> canaries = new ArrayList<>();
    List<Ended> runs = new ArrayList<>();
    byNumber.forEach((number, ended) -> {
      (plan.isCanary(number) ? canaries : runs).add(ended);
    });
    return new SoakResult(
        canaries,
        runs,
        plan.campaign().hasCatalogue() ? Coverage.of(plan.campaign(), entries).rows() : List.of());
  }

  private static Ended ofTwo(Ended first, Ended second) {
    if (first.isDecided() != second.isDecided()) {
      return first.isDecided() ? first : second;
    }
    return Stream.of(first, second).max(Comparator.comparing(Ended::outcome)).orElse(second);
  }

  /// How many of the runs ended so.
  public long count(Outcome outcome) {
    return runs.stream().filter(run -> run.outcome() == outcome).count();
  }

  /// The runs that found something.
  public List<Ended> failed() {
    return runs.stream().filter(run -> run.outcome() == Outcome.FAIL).toList();
  }

  /// The canaries that were not caught, though nothing kept the judge from it.
  public List<Ended> missed() {
    return canaries.stream()
        .filter(run -> !run.good() && run.outcome() != Outcome.HARNESS_ERROR)
        .toList();
  }

  /// How many canaries were caught.
  public long caught() {
    return canaries.stream().filter(Ended::good).count();
  }

  /// What so many runs say of the share that fails.
  public FailureRate rate() {
    long failed = count(Outcome.FAIL);
    return FailureRate.of(failed + count(Outcome.PASS), failed);
  }

  /// The kinds of the catalogue of which nobody has seen an effect, or said why there can be none.
  public List<String> unproven() {
    return catalogue.stream()
        .filter(row -> !row.isProven() && !row.isSkipped())
        .map(Coverage.Row::kind)
        .toList();
  }

  /// The worst of what was found; a canary that was not caught weighs as much as a violation, since
  /// it takes all meaning from the rest.
  ///
  /// Of a catalogue, a run that decided nothing counts only where a kind is left unproven: what it
  /// had not decided was tried again. A kind that is left unproven is VACUOUS at the best.
  public Outcome outcome() {
    if (!missed().isEmpty()) {
      return Outcome.FAIL;
    }
    boolean whole = unproven().isEmpty();
    Stream<Ended> counting =
        runs.stream().filter(run -> run.tried().isEmpty() || run.isDecided() || !whole);
    Stream<Outcome> outcomes =
        Stream.concat(counting, canaries.stream().filter(run -> !run.good())).map(Ended::outcome);
    return Stream.concat(outcomes, whole ? Stream.empty() : Stream.of(Outcome.VACUOUS))
        .max(Comparator.naturalOrder())
        .orElse(Outcome.VACUOUS);
  }
}
