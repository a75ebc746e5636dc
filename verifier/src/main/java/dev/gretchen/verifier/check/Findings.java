package dev.gretchen.verifier.check;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Gathers what one checker compared and found: the first few anomalies whole, all of them counted.
/// One instance belongs to one thread.
public final class Findings {

  private final List<Anomaly> first = new ArrayList<>();
  private long count;
  private long compared;

  /// Notes that one item was compared.
  public void compared() {
    compared++;
  }

  /// Notes how many items were compared.
  public void compared(long items) {
    compared += items;
  }

  /// Notes an anomaly; it is only put into words while there is room for it.
  public void add(Supplier<Anomaly> anomaly) {
    if (hasRoom()) {
      first.add(anomaly.get());
    }
    count++;
  }

  boolean hasRoom() {
    return first.size() < Property.ANOMALIES_MAX;
  }

  /// How many anomalies there were.
  public long count() {
    return count;
  }

  /// The judgement over them.
  ///
  /// @param held what held, a sentence, where nothing was found
  public Property property(String name, Section section, String held) {
    return Property.of(name, section, compared, held, first, count);
  }
}
