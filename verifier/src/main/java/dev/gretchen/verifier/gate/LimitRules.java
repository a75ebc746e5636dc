package dev.gretchen.verifier.gate;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.gate.Policy.Bounds;
import dev.gretchen.verifier.gate.Policy.Rank;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.verdict.FaultOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// What faults cost, by their kind, and what users met.
final class LimitRules {

  private LimitRules() {}

  static List<Finding> findings(Policy policy, GateInput input) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(bounds("recovery", policy.limits().recovery(), input, Measure.Cost::recovery));
    findings.addAll(
        bounds("unavailability", policy.limits().unavailability(), input, Measure.Cost::silence));
    availability(policy.service(), input).ifPresent(findings::add);
    latency(policy.service(), input).ifPresent(findings::add);
    return findings;
  }

  private static List<Finding> bounds(
      String rule, Bounds bounds, GateInput input, Function<FaultOutcome, OptionalDouble> cost) {
    if (bounds.isEmpty()) {
      return List.of();
    }
    Map<String, List<Long>> measured = new TreeMap<>();
    for (RecordedRun run : input.runs()) {
      for (FaultOutcome fault : run.faults()) {
        cost.apply(fault)
            .ifPresent(value ->
                measured
                    .computeIfAbsent(fault.kind(), _ -> new ArrayList<>())
                    .add(Math.round(value)));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<FaultKind, Map<Rank, Duration>> each : bounds.named().entrySet()) {
      String kind = each.getKey().word();
      List<Long> values = measured.remove(kind);
      findings.add(
          values == null
              ? Finding.refused(
                  rule + ": " + kind, "No " + kind + " was measured, so its limit proves nothing.")
              : within(rule + ": " + kind, values, each.getValue()));
    }
    if (!bounds.others().isEmpty()) {
      measured.forEach(
          (kind, values) -> findings.add(within(rule + ": " + kind, values, bounds.others())));
    }
    if (findings.isEmpty()) {
      findings.add(Finding.undecided(rule, "No fault was measured, so there is nothing to limit."));
    }
    return findings;
  }

  private static Finding within(String rule, List<Long> values, Map<Rank, Duration> limits) {
    Percentiles percentiles = Percentiles.of(values);
    List<String> parts = new ArrayList<>();
    boolean holds = true;
    for (Map.Entry<Rank, Duration> limit : limits.entrySet()) {
      long value =
          switch (limit.getKey()) {
            case P50 -> percentiles.p50();
            case P90 -> percentiles.p90();
            case P99 -> percentiles.p99();
            case MAX -> percentiles.max();
          };
      holds &= value <= limit.getValue().toMillis();
      parts.add(
          "%s %s (limit %s)"
              .formatted(
                  limit.getKey().word(), Figures.millis(value), Figures.millis(limit.getValue())));
    }
    return Finding.of(
        holds,
        rule,
        "%s over %s.".formatted(String.join(", ", parts), Figures.count(values.size(), "fault")));
  }

  private static Optional<Finding> availability(Policy.Service service, GateInput input) {
    if (service.availabilityMin() == 0) {
      return Optional.empty();
    }
    String rule = "service: availability";
    Optional<RunEntry> worst =
        entries(input)
            .filter(run -> run.availability() >= 0)
            .min(Comparator.comparingDouble(RunEntry::availability));
    return Optional.of(
        worst
            .map(run ->
                Finding.of(
                    run.availability() >= service.availabilityMin(),
                    rule,
                    "The least available run, %s, was up for %s of its seconds, the limit is %s."
                        .formatted(
                            run.path(),
                            Figures.percent(run.availability()),
                            Figures.percent(service.availabilityMin()))))
            .orElseGet(() -> Finding.refused(rule, "No run's availability was measured.")));
  }

  private static Optional<Finding> latency(Policy.Service service, GateInput input) {
    if (service.latencyP99Max().isZero()) {
      return Optional.empty();
    }
    String rule = "service: latency";
    Optional<RunEntry> worst =
        entries(input)
            .filter(run -> run.p99Millis() >= 0)
            .max(Comparator.comparingLong(RunEntry::p99Millis));
    return Optional.of(
        worst
            .map(run ->
                Finding.of(
                    run.p99Millis() <= service.latencyP99Max().toMillis(),
                    rule,
                    "The run with the longest latency, %s, has a p99 of %s, the limit is %s."
                        .formatted(
                            run.path(),
                            Figures.millis(run.p99Millis()),
                            Figures.millis(service.latencyP99Max()))))
            .orElseGet(() -> Finding.refused(rule, "No run's latency was measured.")));
  }

  private static Stream<RunEntry> entries(GateInput input) {
    return input.runs().stream().map(RecordedRun::entry);
  }
}
