package dev.gretchen.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// All that one seed says: what is run, and what is done to it. A simulation of a schedule is a
/// pure function of it.
///
/// @param seed the origin of all chance
/// @param variation another order of events under the same steps; 0 unless somebody looks for one
public record Schedule(long seed, int variation, Setup setup, List<Step> steps) {

  public Schedule {
    steps = List.copyOf(steps);
  }

  /// The same with other steps.
  public Schedule with(List<Step> others) {
    return new Schedule(seed, variation, setup, others);
  }

  /// The same steps in another order of events.
  public Schedule varied(int other) {
    return new Schedule(seed, other, setup, steps);
  }

  /// What the scheduler draws from.
  long schedulerSeed() {
    return seed + variation * 0x9E3779B97F4A7C15L;
  }

  /// When the last step comes.
  public Duration lastStep() {
    return steps.stream().map(Step::at).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /// What is run and what is done to it, a line each.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d workers of %s on %d racks, %d and %d partitions, %d standbys, lag of %d, %s, commit every %d ms, %d events in %d ms, %d at a time in batches of %d, latency %d us"
            .formatted(
                setup.workers(),
                setup.app().name(),
                setup.racks(),
                setup.wordsPartitions(),
                setup.colorsPartitions(),
                setup.standbys(),
                setup.acceptableLag(),
                setup.guarantee().text(),
                setup.commitInterval().toMillis(),
                (long) (setup.load().rate() * setup.load().length().toMillis() / 1000.0),
                setup.sending().toMillis(),
                setup.concurrency(),
                setup.take(),
                setup.latencyMicros()));
    for (int i = 0; i < steps.size(); i++) {
      lines.add(
          "%2d  at %6d ms  %s".formatted(i + 1, steps.get(i).at().toMillis(), steps.get(i).text()));
    }
    return lines;
  }
}
