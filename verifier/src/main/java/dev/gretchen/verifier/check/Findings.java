package dev.gretchen.verifier.check;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Gathers what one checker compared and found: the first few anomalies whole, all of them counted.
final class Findings {

  private final List<Anomaly> first = new ArrayList<>();
  private long count;
  private long compared;

  /// Notes that one item was compared.
  void compared() {
    compared++;
  }

  void compared(long items) {
    compared += items;
  }

  /// Notes an anomaly; it is only put into words while there is room for it.
  void add(Supplier<Anomaly> anomaly) {
    if (hasRoom()) {
      first.add(anomaly.get());
    }
    count++;
  }

  boolean hasRoom() {
    return first.size() < Property.ANOMALIES_MAX;
  }

  long count() {
    return count;
  }

  Property property(String name, Section section, String held) {
    return Property.of(name, section, compared, held, first, count);
  }
}
