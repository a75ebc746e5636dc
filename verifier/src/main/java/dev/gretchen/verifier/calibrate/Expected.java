package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// By what a falsified run must be convicted.
///
/// @param property the name of the property
/// @param status how that property must end: FAIL nearly always
/// @param kinds of anomaly that are right for it; empty where the status has none
/// @param names texts that the sentence must hold, such as the key and the event
/// @param alone whether nothing else may fail, because anything else would accuse an innocent
record Expected(
    String property, Status status, Set<String> kinds, List<String> names, boolean alone) {

  Expected {
    kinds = Set.copyOf(kinds);
    names = List.copyOf(names);
  }

  static Expected fail(String property, Set<String> kinds, String... names) {
    return new Expected(property, Status.FAIL, kinds, List.of(names), false);
  }

  static Expected ends(String property, Status status, String... names) {
    return new Expected(property, status, Set.of(), List.of(names), false);
  }

  Expected butNothingElse() {
    return new Expected(property, status, kinds, names, true);
  }

  /// The checker that the property belongs to: its name without the subject.
  String checker() {
    return checker(property);
  }

  static String checker(String property) {
    int colon = property.indexOf(':');
    return colon < 0 ? property : property.substring(0, colon);
  }

  /// The sentence that convicts, where a verdict holds one that names the culprit.
  Optional<String> conviction(Verdict verdict) {
    return verdict.properties().stream()
        .filter(p -> p.name().equals(property) && p.status() == status)
        .findFirst()
        .filter(_ -> accusesNobodyElse(verdict))
        .flatMap(this::sentence);
  }

  private Optional<String> sentence(Property found) {
    if (status != Status.FAIL) {
      return Optional.of(found.detail()).filter(this::isNamed);
    }
    return found.anomalies().stream()
        .filter(anomaly -> kinds.contains(anomaly.kind()))
        .map(anomaly -> anomaly.sentence())
        .filter(this::isNamed)
        .findFirst();
  }

  private boolean isNamed(String sentence) {
    return names.stream().allMatch(sentence::contains);
  }

  /// What an app did wrong must not be laid at Kafka's door, nor the other way round.
  private boolean accusesNobodyElse(Verdict verdict) {
    boolean kafka = property.startsWith("platform-log");
    return verdict.properties().stream()
        .filter(p -> p.status() == Status.FAIL && !p.name().equals(property))
        .noneMatch(p -> alone || (!kafka && p.section() == Section.PLATFORM));
  }
}
