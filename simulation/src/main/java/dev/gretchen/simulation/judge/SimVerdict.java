package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import java.util.ArrayList;
import java.util.List;

/// The judgement of a simulated run. Equal runs have equal verdicts, word for word.
///
/// @param outcome FAIL outweighs UNKNOWN, that VACUOUS, that PASS
/// @param sentence why, in one sentence
/// @param properties all that was judged; each names how much it compared, and its first anomalies
public record SimVerdict(Outcome outcome, String sentence, List<Property> properties) {

  /// What cannot be asked where events end out of order; of simulated runs the checks of whole
  /// commits ask more, in any order.
  private static final String IN_ORDER = "one-writer:";

  public SimVerdict {
    properties = List.copyOf(properties);
  }

  /// One anomaly with the property that it breaks.
  public record Finding(String property, Section section, String kind, String sentence) {}

  /// Whether the run says that the app kept its promise.
  public boolean passed() {
    return outcome == Outcome.PASS;
  }

  /// The anomalies of all properties, the first few of each.
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Property property : properties) {
      for (Anomaly anomaly : property.anomalies()) {
        findings.add(
            new Finding(property.name(), property.section(), anomaly.kind(), anomaly.sentence()));
      }
    }
    return findings;
  }

  /// Weighs the properties.
  ///
  /// @param faults how many disturbances there were: without any, nothing was put to the test
  static SimVerdict of(List<Property> properties, int faults) {
    List<Property> failed = with(properties, Status.FAIL);
    if (!failed.isEmpty()) {
      String more = failed.size() == 1 ? "" : " (and " + (failed.size() - 1) + " more properties)";
      return new SimVerdict(Outcome.FAIL, about(failed.getFirst(), more), properties);
    }
    List<Property> unknown = with(properties, Status.UNKNOWN);
    if (!unknown.isEmpty()) {
      return new SimVerdict(Outcome.UNKNOWN, about(unknown.getFirst(), ""), properties);
    }
    // a simulation sees everything: what it lets be skipped, it forgot to show
    List<Property> empty = new ArrayList<>(with(properties, Status.VACUOUS));
    with(properties, Status.SKIPPED).stream()
        .filter(skipped -> !skipped.name().startsWith(IN_ORDER))
        .forEach(empty::add);
    if (!empty.isEmpty()) {
      return new SimVerdict(Outcome.VACUOUS, about(empty.getFirst(), ""), properties);
    }
    if (faults == 0) {
      return new SimVerdict(
          Outcome.VACUOUS, "Nothing disturbed the run, so it shows nothing.", properties);
    }
    long compared = properties.stream().mapToLong(Property::compared).sum();
    String held =
        properties.size()
            + " properties held through "
            + faults
            + (faults == 1 ? " disturbance" : " disturbances")
            + ", "
            + compared
            + " items compared.";
    return new SimVerdict(Outcome.PASS, held, properties);
  }

  private static String about(Property property, String more) {
    return property.name() + more + ": " + property.detail();
  }

  private static List<Property> with(List<Property> properties, Status status) {
    return properties.stream().filter(property -> property.status() == status).toList();
  }
}
