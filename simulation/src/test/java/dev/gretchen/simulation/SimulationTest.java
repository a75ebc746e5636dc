package dev.gretchen.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.testkit.sim.OneCarrier;
import dev.gretchen.verifier.load.LoadShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SimulationTest {

  /// Enough to meet each kind of step many times; nights run thousands.
  private static final int SEEDS = 300;

  private static final int SEEDS_OF_WINDOWS = 60;

  /// Above the seeds of the default command, so that both together see more.
  private static final long FIRST = 1_000_000;

  private static final Trial TRIAL = Trial.ofTheEngine(Disks.MEMORY, 0);

  @Test
  void theEngineKeepsItsPromisesUnderHundredsOfSchedules() {
    Campaign.Result result = run(Campaign.seeds(FIRST, SEEDS));
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(SEEDS);
    assertThat(result.vacuous()).as("schedules that compared nothing").isLessThan(SEEDS / 20);
  }

  @Test
  void windowsSessionsAndTimersKeepTheirPromisesUnderManySchedules() {
    Campaign.Result result = run(Campaign.seeds(SimulatedApp.WINDOWS, FIRST, SEEDS_OF_WINDOWS));
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(SEEDS_OF_WINDOWS);
    assertThat(result.vacuous())
        .as("schedules that compared nothing")
        .isLessThan(SEEDS_OF_WINDOWS / 5);
  }

  @Test
  void theEngineKeepsItsPromisesWhereverItHalts() {
    List<Schedule> matrix = CrashMatrix.schedules();
    Campaign.Result result = run(matrix.stream());
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(matrix.size()).isGreaterThan(500);
    assertThat(result.vacuous()).isZero();
  }

  /// A worker that stops while the group is being rebalanced has its partitions taken for lost by
  /// its own client. What it had done is committed all the same: nobody crashed, so nothing may be
  /// seen twice, not even under at-least-once. The steps are written out, because what a seed draws
  /// changes with every new kind of step.
  @Test
  void whoStopsInARebalanceLeavesNothingToBeRepeated() {
    LoadShape load = new LoadShape(7, 200, Duration.ofSeconds(3), 3, "primary", 0);
    Setup setup =
        new Setup(
            3,
            3,
            4,
            Guarantee.AT_LEAST_ONCE,
            Duration.ofMillis(50),
            load,
            Duration.ofSeconds(4),
            1_400,
            2_000,
            200,
            0,
            0,
            0,
            1,
            1);
    List<Schedule> schedules = new ArrayList<>();
    for (int after = 300; after <= 1_500; after += 20) {
      schedules.add(
          new Schedule(
              after,
              0,
              setup,
              List.of(
                  new Step.Restart(Duration.ofMillis(800), 2, Duration.ofMillis(300)),
                  new Step.Restart(Duration.ofMillis(800 + after), 1, Duration.ofMillis(500)))));
    }
    Campaign.Result result = run(schedules.stream());
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(schedules.size());
    assertThat(result.vacuous()).isZero();
  }

  /// A worker that was cut off for longer than its session comes back, finds its producer fenced,
  /// and recovers before it hears that it is no member any more, while its successor commits. At
  /// least once, what it sends then is read: it may repeat, but not tell what never was.
  @Test
  void whoComesBackTooLateSaysNothingThatNeverWas() {
    LoadShape load = new LoadShape(303_629, 20, Duration.ofSeconds(28), 3, "synthetic:40", 0);
    Setup setup =
        new Setup(
            3,
            3,
            4,
            Guarantee.AT_LEAST_ONCE,
            Duration.ofMillis(50),
            load,
            Duration.ofSeconds(16),
            3_048,
            2_000,
            200,
            0,
            0,
            5,
            1,
            1);
    List<Schedule> schedules = new ArrayList<>();
    for (int more = 1; more <= 12; more++) {
      schedules.add(
          new Schedule(
              more,
              0,
              setup,
              List.of(
                  new Step.CutOff(Duration.ofMillis(315), 0, Duration.ofMillis(9_800 + 5 * more)),
                  new Step.Join(Duration.ofMillis(3_687), 3),
                  new Step.Leave(Duration.ofMillis(3_793), 1))));
    }
    Campaign.Result result = run(schedules.stream());
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(schedules.size());
    assertThat(result.vacuous()).isZero();
  }

  /// A worker that has given up partitions tells the group so by joining again, and nobody holds
  /// them until that arrives. Where it is held up on its way, the group looks at rest meanwhile,
  /// and is not.
  @Test
  void whoIsOnTheWayToItsGroupIsWaitedFor() {
    LoadShape load = new LoadShape(7, 200, Duration.ofSeconds(2), 1, "primary", 0);
    Setup setup =
        new Setup(
            2,
            1,
            4,
            Guarantee.EXACTLY_ONCE,
            Duration.ofMillis(50),
            load,
            Duration.ofSeconds(2),
            800,
            2_000,
            200,
            0,
            1,
            50,
            1,
            1);
    List<Schedule> schedules = new ArrayList<>();
    for (int nth = 1; nth <= 4; nth++) {
      for (int slot = 0; slot <= 1; slot++) {
        schedules.add(
            new Schedule(
                nth,
                slot,
                setup,
                List.of(
                    new Step.Delay(
                        Duration.ofMillis(2_200), slot, "JoinGroup", nth, Duration.ofSeconds(7)),
                    new Step.Restart(Duration.ofMillis(2_300), 1, Duration.ofMillis(300)),
                    new Step.Compact(Duration.ofMillis(5_000)))));
      }
    }
    Campaign.Result result = run(schedules.stream());
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(schedules.size());
  }

  @Test
  void aSeedIsOneTraceAlsoInAnotherProcess() throws Exception {
    List<Long> seeds = List.of(1L, 2L, 3L, 4L, 5L, 6L);
    List<String> here = hashes(seeds);
    assertThat(hashes(seeds)).isEqualTo(here);
    assertThat(here).doesNotHaveDuplicates();
    assertThat(hashesOfAnotherProcess(seeds)).isEqualTo(here);
  }

  @Test
  void anotherVariationIsAnotherOrderOfEvents() {
    Schedule schedule = Schedules.of(3);
    assertThat(outcome(TRIAL, schedule.varied(1)).traceHash())
        .isNotEqualTo(outcome(TRIAL, schedule).traceHash());
  }

  @Test
  void theEngineKeepsItsPromisesOnTheRealStore() {
    Trial real = Trial.ofTheEngine(Disks.ROCKSDB, 0);
    List<Schedule> withCrashes =
        Campaign.seeds(1, 200)
            .filter(schedule -> schedule.steps().stream().anyMatch(Step.Crash.class::isInstance))
            .limit(15)
            .toList();
    Campaign.Result result =
        OneCarrier.run(
            _ -> new Campaign(real::run, 1).run(withCrashes.stream(), () -> false, _ -> {}));
    assertThat(result.failures()).as(inWords(result)).isEmpty();
    assertThat(result.runs()).isEqualTo(15);
  }

  @Test
  void aSeedIsOneTraceAlsoOnTheRealStore() {
    Trial real = Trial.ofTheEngine(Disks.ROCKSDB, 0);
    assertThat(outcome(real, Schedules.of(1)).traceHash())
        .isEqualTo(outcome(real, Schedules.of(1)).traceHash());
  }

  @Test
  void schedulesAreWorthTheirName() {
    List<Schedule> drawn = Campaign.seeds(1, 2_000).toList();
    assertThat(drawn)
        .allSatisfy(schedule -> {
          assertThat(schedule.setup().workers()).isGreaterThanOrEqualTo(2);
          assertThat(schedule.steps()).hasSizeGreaterThanOrEqualTo(3);
          assertThat(
                  schedule.setup().load().rate()
                      * schedule.setup().load().length().toMillis()
                      / 1_000)
              .isGreaterThan(499);
        });
    Stream<Class<?>> kinds = drawn.stream().flatMap(s -> s.steps().stream()).map(Object::getClass);
    assertThat(kinds.distinct()).hasSize(Step.class.getPermittedSubclasses().length);
  }

  /// For the other process: prints the trace hashes of seeds.
  public static void main(String[] seeds) {
    hashes(Stream.of(seeds).map(Long::valueOf).toList()).forEach(System.out::println);
  }

  private static List<String> hashesOfAnotherProcess(List<Long> seeds)
      throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SimulationTest.class.getName()),
                        seeds.stream().map(String::valueOf))
                    .toList())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      List<String> printed =
          new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      assertThat(other.waitFor(1, TimeUnit.MINUTES)).isTrue();
      return printed;
    } finally {
      other.destroyForcibly();
    }
  }

  private static List<String> hashes(List<Long> seeds) {
    return seeds.stream().map(seed -> outcome(TRIAL, Schedules.of(seed)).traceHash()).toList();
  }

  private static Outcome outcome(Trial trial, Schedule schedule) {
    return OneCarrier.run(_ -> trial.run(schedule));
  }

  private static Campaign.Result run(Stream<Schedule> schedules) {
    return OneCarrier.run(_ -> new Campaign(TRIAL::run, 1).run(schedules, () -> false, _ -> {}));
  }

  private static String inWords(Campaign.Result result) {
    return result.failures().isEmpty()
        ? ""
        : String.join("\n", Prose.failure(result.failures().getFirst()));
  }
}
