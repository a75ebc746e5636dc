package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the record says of the runs that are meant.
///
/// @param outcomes how many ended how
/// @param rate what they say of the share that fails
/// @param runs the latest of them
/// @param violations what they violated
/// @param faults how their takeovers went
public record RunsAnswer(
    Map<Outcome, Long> outcomes,
    FailureRate rate,
    List<RunEntry> runs,
    List<Violation> violations,
    List<FaultFigures> faults) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  public RunsAnswer {
    Map<Outcome, Long> ordered = new EnumMap<>(Outcome.class);
    ordered.putAll(outcomes);
    outcomes = Collections.unmodifiableMap(ordered);
    runs = List.copyOf(runs);
    violations = List.copyOf(violations);
    faults = List.copyOf(faults);
  }

  /// Asks an index.
  ///
  /// @param limit how many runs to list at the most
  public static RunsAnswer of(RunIndex index, RunFilter filter, int limit) {
    return new RunsAnswer(
        index.outcomes(filter),
        index.failureRate(filter),
        index.find(filter, limit),
        index.violations(filter),
        index.faults(filter));
  }

  /// For programs, with a line feed at the end.
  public String json() {
    return JSON.writeValueAsString(this) + "\n";
  }
}
