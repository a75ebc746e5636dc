package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.Selection;
import java.time.Duration;

/// What a plan is made for.
///
/// @param seed origin of all chance in the plan
/// @param selection what may be done, already cut down to what can be done
/// @param load length of the load
/// @param workers how many there are at first
/// @param source the app's source topic, whose partitions name owners
/// @param brokers how many can be killed
public record Setting(
    long seed, Selection selection, Duration load, int workers, Source source, int brokers) {

  public Setting {
    if (load.isNegative() || load.isZero()) {
      throw new IllegalArgumentException("The load must last, not " + load);
    }
    if (workers < 1) {
      throw new IllegalArgumentException("There must be a worker, not " + workers);
    }
  }

  /// A topic and the number of its partitions.
  public record Source(String topic, int partitions) {
    public Source {
      if (partitions < 1) {
        throw new IllegalArgumentException("Topic " + topic + " has no partitions");
      }
    }
  }

  /// The calm before the first fault: 10 s, less only where the load is shorter than 67 s.
  public Duration lead() {
    return lead(load);
  }

  /// The calm after the last fault was healed.
  public Duration tail() {
    return tail(load);
  }

  /// What is left for faults.
  public Duration window() {
    return window(load);
  }

  private static Duration lead(Duration load) {
    return min(Duration.ofSeconds(10), load.multipliedBy(15).dividedBy(100));
  }

  private static Duration tail(Duration load) {
    return load.dividedBy(10);
  }

  static Duration window(Duration load) {
    return load.minus(lead(load)).minus(tail(load));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
