package dev.gretchen.cli;

import dev.gretchen.simulation.Campaign;
import dev.gretchen.simulation.CrashMatrix;
import dev.gretchen.simulation.Disks;
import dev.gretchen.simulation.Outcome;
import dev.gretchen.simulation.Prose;
import dev.gretchen.simulation.Schedule;
import dev.gretchen.simulation.Shrinker;
import dev.gretchen.simulation.SimulatedApp;
import dev.gretchen.simulation.Trial;
import dev.gretchen.testkit.sim.OneCarrier;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gretchen simulate`: the engine on a simulated Kafka, under thousands of schedules.
@Command(
    name = "simulate",
    description = {
      "Runs the engine on a simulated Kafka in virtual time, with crashes, pauses, lost replies and rebalances drawn from a seed, and holds every run against the truth.",
      "",
      "Examples: ./gretchen simulate --seeds 1000",
      "          ./gretchen simulate --seed 4711        one seed again, to the letter",
      "          ./gretchen simulate --app windows --seeds 300",
      "          ./gretchen simulate --matrix           every failpoint, at every hit, twice",
      "          ./gretchen simulate --matrix --seed 7  the seventh of those"
    },
    footer = {
      "",
      "Exit status: 0 pass; 1 an anomaly was found; 2 nothing was compared; 3 the simulation itself failed; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class SimulateCommand implements Callable<Integer> {

  private static final int FAIL = 1;
  private static final int VACUOUS = 2;
  private static final int STEPS_SHOWN = 12;
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "how many schedules, from seed 1 on or from --from (default: 1000)")
  private @Nullable Long seeds;

  @Option(
      names = "--from",
      paramLabel = "S",
      defaultValue = "1",
      description = "the first seed (default: ${DEFAULT-VALUE})")
  private long from;

  @Option(names = "--seed", paramLabel = "S", description = "this one schedule, and its trace hash")
  private @Nullable Long seed;

  @Option(
      names = "--steps",
      paramLabel = "I,J,...",
      split = ",",
      description = "with --seed: only these of its steps, as a shrunk failure names them")
  private @Nullable List<Integer> steps;

  @Option(
      names = "--variation",
      paramLabel = "V",
      defaultValue = "0",
      description = "with --seed: another order of events, as a shrunk failure names it")
  private int variation;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "as many seeds as fit into this time")
  private @Nullable Duration length;

  @Option(
      names = "--matrix",
      description = "every failpoint at every hit, each followed by a second crash")
  private boolean matrix;

  @Option(
      names = "--app",
      paramLabel = "NAME",
      defaultValue = "word-colors",
      description = "the app (default: ${DEFAULT-VALUE})")
  private String app = "word-colors";

  @Option(
      names = "--store",
      paramLabel = "KIND",
      defaultValue = "memory",
      description =
          "what the workers' stores are on: memory, or rocksdb, which is much slower (default: ${DEFAULT-VALUE})")
  private String store = "memory";

  @Override
  public Integer call() {
    requireApp();
    disks();
    requireOne();
    Long one = seed;
    if (one != null) {
      Schedule schedule = chosen(one);
      return OneCarrier.run(_ -> repeat(schedule));
    }
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      return OneCarrier.run(this::campaign);
    }
  }

  private SimulatedApp requireApp() {
    SimulatedApp known =
        SimulatedApp.named(app)
            .orElseThrow(() ->
                new UsageError(
                    "unknown app '"
                        + app
                        + "': the simulator knows "
                        + String.join(", ", SimulatedApp.names())));
    if (matrix && known != SimulatedApp.WORD_COLORS) {
      throw new UsageError(
          "--matrix: runs " + SimulatedApp.WORD_COLORS.name() + " alone, found --app " + app);
    }
    return known;
  }

  private Disks disks() {
    return Arrays.stream(Disks.values())
        .filter(kind -> kind.text().equals(store))
        .findFirst()
        .orElseThrow(() ->
            new UsageError(
                "--store: expected one of "
                    + String.join(", ", Disks.names())
                    + ", found '"
                    + store
                    + "'"));
  }

  private void requireOne() {
    int ways = (seed == null ? 0 : 1) + (seeds == null ? 0 : 1) + (length == null ? 0 : 1);
    boolean bounded = seeds != null || length != null;
    if (ways > 1 || (matrix && bounded)) {
      throw new UsageError("choose one of --seed, --seeds, --for and --matrix");
    }
    if (seed == null && (steps != null || variation != 0)) {
      throw new UsageError("--steps and --variation need --seed");
    }
    if (seeds != null && seeds < 1) {
      throw new UsageError("--seeds: expected at least 1, found " + seeds);
    }
  }

  private Schedule chosen(long number) {
    Schedule schedule = drawn(number).varied(variation);
    List<Integer> wanted = steps;
    if (wanted == null) {
      return schedule;
    }
    int known = schedule.steps().size();
    for (int step : wanted) {
      if (step < 1 || step > known) {
        throw new UsageError(
            "--steps: seed " + number + " has steps 1 to " + known + ", found " + step);
      }
    }
    return schedule.with(wanted.stream().map(step -> schedule.steps().get(step - 1)).toList());
  }

  private Schedule drawn(long number) {
    if (!matrix) {
      return requireApp().schedule(number);
    }
    try {
      return CrashMatrix.schedule(number);
    } catch (IllegalArgumentException unknown) {
      throw new UsageError("--seed: " + unknown.getMessage());
    }
  }

  private int repeat(Schedule schedule) {
    PrintStream out = System.out;
    out.println("seed " + schedule.seed());
    schedule.lines().forEach(line -> out.println("  " + line));
    Outcome outcome = Trial.ofTheEngine(disks(), STEPS_SHOWN).run(schedule);
    if (outcome.hasFailed()) {
      Prose.failure(outcome).forEach(out::println);
    }
    out.println(Prose.verdict(outcome));
    out.println("trace hash " + outcome.traceHash());
    return statusOf(outcome);
  }

  private static int statusOf(Outcome outcome) {
    if (outcome.hasFailed()) {
      return FAIL;
    }
    return outcome.isVacuous() ? VACUOUS : ExitStatus.OK;
  }

  private int campaign(BooleanSupplier interrupted) {
    PrintStream out = System.out;
    long begun = System.nanoTime();
    Duration bound = length;
    long[] told = {0, begun};
    Stream<Schedule> schedules;
    if (matrix) {
      schedules = CrashMatrix.schedules().stream();
    } else {
      long count = seeds != null ? seeds : bound != null ? Long.MAX_VALUE - from : 1_000;
      schedules = Campaign.seeds(requireApp(), from, count);
    }
    Trial trial = Trial.ofTheEngine(disks(), 0);
    Campaign.Result result =
        new Campaign(trial::run, 1)
            .run(
                schedules,
                () ->
                    interrupted.getAsBoolean()
                        || (bound != null && System.nanoTime() - begun > bound.toNanos()),
                outcome -> {
                  told[0]++;
                  if (System.nanoTime() - told[1] > PROGRESS_EVERY.toNanos()) {
                    told[1] = System.nanoTime();
                    System.err.println(Prose.progress(told[0], outcome, told[1] - begun));
                  }
                });
    out.println(Prose.summary(result, System.nanoTime() - begun));
    if (interrupted.getAsBoolean()) {
      return ExitStatus.INTERRUPTED;
    }
    if (result.failures().isEmpty()) {
      return result.runs() == result.vacuous() ? VACUOUS : ExitStatus.OK;
    }
    Outcome failing = result.failures().getFirst();
    out.println(
        "seed " + failing.schedule().seed() + " fails; looking for the shortest plan that does");
    Outcome shortest = new Shrinker(trial::run).shrink(failing);
    Outcome shown = Trial.ofTheEngine(disks(), STEPS_SHOWN).run(shortest.schedule());
    Prose.failure(shown).forEach(out::println);
    out.println("trace hash " + shown.traceHash());
    return FAIL;
  }
}
