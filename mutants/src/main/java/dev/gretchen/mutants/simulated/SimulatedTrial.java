package dev.gretchen.mutants.simulated;

import dev.gretchen.simulation.Campaign;
import dev.gretchen.simulation.Disks;
import dev.gretchen.simulation.Outcome;
import dev.gretchen.simulation.Trial;
import dev.gretchen.testkit.sim.OneCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How soon the simulator finds each broken engine: the seeds that it takes, from several starting
/// points.
public final class SimulatedTrial {

  private static final int SEEDS_MAX = 2_000;
  private static final int STARTS = 7;
  private static final String STARTS_OPTION = "--starts=";

  /// How many seeds from start to start.
  private static final long APART = 100_000;

  private SimulatedTrial() {}

  /// What it took to find one.
  ///
  /// @param seeds how many, for each starting point; more than [#SEEDS_MAX] if it was not found
  /// @param anomaly what gave it away the first time
  public record Found(SimulatedMutant mutant, List<Integer> seeds, String anomaly) {

    /// The median number of seeds.
    public int median() {
      return seeds.stream().sorted().toList().get(seeds.size() / 2);
    }

    /// Whether it was found from every starting point.
    public boolean always() {
      return seeds.stream().allMatch(count -> count <= SEEDS_MAX);
    }
  }

  /// Prints a line for each mutant, or for those that are named; `--starts=N` is from how many
  /// points each is looked for. Exit status 1 where one is not found from each of them.
  public static void main(String[] arguments) {
    int starts = STARTS;
    List<SimulatedMutant> mutants = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith(STARTS_OPTION)) {
        starts = Integer.parseInt(argument.substring(STARTS_OPTION.length()));
      } else {
        mutants.add(SimulatedMutant.valueOf(argument.toUpperCase(Locale.ROOT).replace('-', '_')));
      }
    }
    boolean all = true;
    for (SimulatedMutant mutant : mutants.isEmpty() ? List.of(SimulatedMutant.values()) : mutants) {
      int from = starts;
      Found found = OneCarrier.run(_ -> find(mutant, from));
      all &= found.always();
      System.out.printf(
          "%-28s median %5d seeds of %s  %s%n",
          mutant.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          found.median(),
          found.seeds(),
          found.anomaly());
    }
    System.exit(all ? 0 : 1);
  }

  /// Looks for a mutant.
  public static Found find(SimulatedMutant mutant, int starts) {
    Trial trial = new Trial(mutant::engines, Disks.MEMORY, 0);
    List<Integer> seeds = new ArrayList<>();
    String anomaly = "not found";
    for (int start = 0; start < starts; start++) {
      Campaign.Result result =
          new Campaign(trial::run, 1)
              .run(
                  Campaign.seeds(mutant.app(), 1 + start * APART, SEEDS_MAX), () -> false, _ -> {});
      seeds.add(result.failures().isEmpty() ? SEEDS_MAX + 1 : (int) result.runs());
      if (anomaly.equals("not found") && !result.failures().isEmpty()) {
        Outcome first = result.failures().getFirst();
        anomaly = first.anomalies().getFirst();
      }
    }
    return new Found(mutant, seeds, anomaly);
  }
}
