package dev.gretchen.verifier.verdict;

import java.util.List;

/// The canonical result of a run; every report is rendered from it.
///
/// @param schema `gretchen.verdict/1`
/// @param verdict the worst of what was found: FAIL, HARNESS_ERROR, UNKNOWN, VACUOUS, PASS
/// @param sentence the verdict in one sentence
/// @param seed the origin of all chance
/// @param app the app's name
/// @param guarantee what the app was set to: `exactly-once` or `at-least-once`
/// @param judgedAs what it was judged by
/// @param startedAt epoch milliseconds of the first load event
/// @param endedAt epoch milliseconds of the last observation
/// @param events how many load events the committed input log holds
/// @param loadHash hash over the generated load (hex16); equal for equal seed and options
/// @param planHash hash over the fault plan (hex16)
/// @param service availability and latency of each stream, see [ServiceLevel]
/// @param situations what the run met of the things that a campaign must meet, see [Situation]
/// @param harnessErrors what went wrong with the judge or its surroundings, a sentence each
public record Verdict(
    String schema,
    Outcome verdict,
    String sentence,
    long seed,
    String app,
    String guarantee,
    String judgedAs,
    long startedAt,
    long endedAt,
    long events,
    String loadHash,
    String planHash,
    List<Property> properties,
    List<FaultOutcome> faults,
    List<SkippedFault> skipped,
    List<Latency> latency,
    List<ServiceLevel> service,
    List<Situation> situations,
    List<String> harnessErrors) {

  /// The schema written by this version.
  public static final String SCHEMA = "gretchen.verdict/1";

  public Verdict {
    properties = List.copyOf(properties);
    faults = List.copyOf(faults);
    skipped = List.copyOf(skipped);
    latency = List.copyOf(latency);
    service = List.copyOf(service);
    situations = List.copyOf(situations);
    harnessErrors = List.copyOf(harnessErrors);
  }
}
