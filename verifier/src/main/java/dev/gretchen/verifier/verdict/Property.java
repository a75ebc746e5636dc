package dev.gretchen.verifier.verdict;

import java.util.List;

/// The judgement of one property.
///
/// @param name stable, lower case with hyphens and a subject, such as `output-exact:color-counts`
/// @param compared how many items were compared; zero is never a PASS
/// @param detail one sentence: what held, or the first anomaly's sentence
/// @param anomalies the first few found, at most [#ANOMALIES_MAX]
/// @param anomalyCount how many were found in all
public record Property(
    String name,
    Section section,
    Status status,
    long compared,
    String detail,
    List<Anomaly> anomalies,
    long anomalyCount) {

  /// How many anomalies a property keeps; the count goes on.
  public static final int ANOMALIES_MAX = 10;

  public Property {
    anomalies = List.copyOf(anomalies);
    if (status == Status.PASS && compared <= 0) {
      throw new IllegalArgumentException("property " + name + " passed without comparing anything");
    }
    if (anomalies.size() > ANOMALIES_MAX || anomalyCount < anomalies.size()) {
      throw new IllegalArgumentException(
          "property " + name + ": " + anomalies.size() + " of " + anomalyCount + " anomalies");
    }
  }

  /// PASS, FAIL or VACUOUS, from what was compared and found.
  public static Property of(
      String name,
      Section section,
      long compared,
      String held,
      List<Anomaly> firstAnomalies,
      long anomalyCount) {
    Status status = anomalyCount > 0 ? Status.FAIL : compared > 0 ? Status.PASS : Status.VACUOUS;
    String detail =
        switch (status) {
          case FAIL -> firstAnomalies.getFirst().sentence();
          case VACUOUS -> "compared nothing";
          case PASS, UNKNOWN, SKIPPED -> held;
        };
    return new Property(name, section, status, compared, detail, firstAnomalies, anomalyCount);
  }

  /// A property that could not be decided.
  public static Property unknown(String name, Section section, long compared, String why) {
    return new Property(name, section, Status.UNKNOWN, compared, why, List.of(), 0);
  }

  /// A property whose mechanism is missing.
  public static Property skipped(String name, Section section, String why) {
    return new Property(name, section, Status.SKIPPED, 0, why, List.of(), 0);
  }
}
