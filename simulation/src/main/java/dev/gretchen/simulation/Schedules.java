package dev.gretchen.simulation;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.common.protocol.Errors;

/// Draws schedules.
///
/// **Swarm testing** (Groce and others, ISSTA 2012): each seed first draws which kinds of
/// disturbance it uses at all and how it is set up, then draws from those alone. A few kinds,
/// often, meet states that all kinds, mixed evenly, hardly ever do. Every second step comes close
/// behind the one before it: most protocol bugs take two disturbances, the second while the first
/// is being dealt with.
public final class Schedules {

  private static final int STEPS_MIN = 3;
  private static final int STEPS_MAX = 9;

  /// The end of a transaction more often than others: nothing else leaves so much in doubt.
  private static final List<String> APIS =
      List.of(
          "Produce",
          "TxnOffsetCommit",
          "EndTxn",
          "EndTxn",
          "EndTxn",
          "InitProducerId",
          "JoinGroup",
          "SyncGroup",
          "Heartbeat",
          "LeaveGroup",
          "Fetch",
          "OffsetFetch",
          "ListOffsets");

  /// How long the load must last for a transaction whose end stays unknown.
  private static final Duration AN_UNKNOWN_END = Duration.ofSeconds(18);

  /// How long the load must last for two takeovers after session time-outs.
  private static final Duration TWO_TAKEOVERS = Duration.ofSeconds(10);

  private static final List<Integer> CONCURRENCIES = List.of(1, 1, 1, 2, 4, 16);
  private static final List<Integer> TAKES = List.of(1, 1, 1, 3, 20);
  private static final List<Integer> ONE_AFTER_ANOTHER_TAKES = List.of(1, 1, 1, 1, 1, 20);

  /// How long the load must last for a death in a calm.
  private static final Duration A_CALM_DEATH = Duration.ofSeconds(4);

  /// How long the load must last for a poll loop that stands still in a calm, and when all else may
  /// come.
  private static final Duration A_CALM_STALL = Duration.ofSeconds(8);

  private static final long A_CALM_STALL_LASTS = 16_000;
  private static final long OWN_STREAM = 0x9E3779B97F4A7C15L;

  private static final List<Step.Disk> DISKS = List.of(Step.Disk.values());

  private static final List<String> COMMIT_FAILPOINTS =
      List.of("commit.before-sends", "commit.after-sends", "commit.before-end");

  private static final List<String> FAILPOINTS =
      List.of(
          "commit.before-sends",
          "commit.after-sends",
          "commit.before-end",
          "commit.after-end",
          "recovery.started",
          "recovery.midway",
          "rebalance.revoking");

  /// From a quarter of a minute of event time to more than one.
  private static final List<Double> VIEW_RATES = List.of(40.0, 20.0, 8.0);

  /// So much longer views are sent, so that a timer of every few seconds fires.
  private static final Duration LONGER = Duration.ofSeconds(6);

  private Schedules() {}

  /// The schedule of a seed for windows: with the steps of [#of], and page views in whose time
  /// windows close and are dropped, sessions end and pages are forgotten.
  public static Schedule ofWindows(long seed) {
    Schedule drawn = of(seed);
    Setup setup = drawn.setup();
    RandomGenerator own =
        RandomGeneratorFactory.of("L64X128MixRandom").create(~(seed * OWN_STREAM));
    double rate = VIEW_RATES.get(own.nextInt(VIEW_RATES.size()));
    int events = 400 + own.nextInt(200);
    LoadShape views =
        new LoadShape(
            seed,
            rate,
            Duration.ofMillis((long) (events * 1000 / rate)),
            setup.wordsPartitions(),
            setup.load().palette(),
            0);
    return new Schedule(seed, 0, setup.windows(views, setup.sending().plus(LONGER)), drawn.steps());
  }

  /// The schedule of a seed.
  public static Schedule of(long seed) {
    // not the scheduler's own stream: the steps must not depend on what the run asks for
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(~seed);
    Setup setup = setup(seed, random);
    int kinds = 2 + random.nextInt(4);
    List<Integer> allowed = new ArrayList<>();
    for (int i = 0; i < kinds; i++) {
      allowed.add(random.nextInt(KINDS));
    }
    int count = STEPS_MIN + random.nextInt(STEPS_MAX - STEPS_MIN + 1);
    List<Step> steps = new ArrayList<>();
    // in most schedules all comes within seconds; in the others a takeover has ended, and a
    // transaction that nobody ends has timed out, before the next step
    int pace = (int) Math.max(1, setup.sending().toSeconds() / 4);
    boolean calmFirst = setup.sending().compareTo(A_CALM_DEATH) >= 0 && random.nextInt(4) == 0;
    if (calmFirst) {
      steps.add(calmDeath(setup.workers(), random));
    }
    long at = calmFirst ? 7_000 : 300 + random.nextLong(1_500);
    // of a stream of their own, so that the seeds of earlier simulators keep their other steps
    RandomGenerator own = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * OWN_STREAM);
    boolean stallFirst =
        !calmFirst && setup.sending().compareTo(A_CALM_STALL) >= 0 && own.nextInt(8) == 0;
    if (stallFirst) {
      steps.add(
          new Step.Stall(
              millis(own, 2_500, 3_500), own.nextInt(setup.workers()), millis(own, 9_500, 12_000)));
      at += A_CALM_STALL_LASTS;
    }
    int slots = setup.workers();
    for (int i = 0; i < count; i++) {
      Step step =
          step(allowed.get(random.nextInt(allowed.size())), Duration.ofMillis(at), slots, random);
      if (step instanceof Step.Join) {
        slots++;
      }
      steps.add(step);
      at += random.nextBoolean() ? random.nextLong(250) : 200 + random.nextLong(1_500L * pace);
    }
    if (setup.sending().compareTo(TWO_TAKEOVERS) >= 0 && random.nextBoolean()) {
      steps.addAll(twoTakeovers(setup.workers(), random));
    }
    Setup placed = placed(setup, random);
    if (setup.sending().compareTo(AN_UNKNOWN_END) >= 0 && random.nextInt(3) == 0) {
      steps.add(unknownEnd(setup.workers(), random));
    }
    List<Integer> takes = placed.concurrency() == 1 ? ONE_AFTER_ANOTHER_TAKES : TAKES;
    Setup whole = placed.taking(takes.get(random.nextInt(takes.size())));
    if (own.nextInt(8) == 0) {
      steps.add(
          new Step.Stall(
              millis(own, 300, (int) setup.sending().toMillis()),
              own.nextInt(setup.workers()),
              millis(own, 1_000, 14_000)));
    }
    if (own.nextInt(8) == 0) {
      steps.add(
          new Step.Twin(
              millis(own, 300, (int) setup.sending().toMillis()), own.nextInt(setup.workers())));
    }
    steps.sort(Comparator.comparing(Step::at));
    return new Schedule(seed, 0, whole, steps);
  }

  /// Drawn last, so that the seeds of earlier simulators keep their steps. Logs are short here, so
  /// that only a small acceptable lag lets workers warm up for long.
  private static Setup placed(Setup setup, RandomGenerator random) {
    Setup placed =
        setup.with(
            random.nextInt(3),
            List.of(0L, 5L, 50L, 10_000L).get(random.nextInt(4)),
            1 + random.nextInt(2));
    return placed.concurrent(CONCURRENCIES.get(random.nextInt(CONCURRENCIES.size())));
  }

  /// A worker hears of no end of its transactions, for longer than it asks: what it has committed,
  /// it does not know to be.
  private static Step unknownEnd(int workers, RandomGenerator random) {
    return new Step.LoseReplies(
        millis(random, 300, 2_000),
        random.nextInt(workers),
        "EndTxn",
        millis(random, 15_500, 20_000));
  }

  /// A worker dies inside a commit, after a calm and before another, so that it shows how soon the
  /// others do its work.
  private static Step calmDeath(int workers, RandomGenerator random) {
    return new Step.HaltAt(
        millis(random, 2_500, 3_500),
        random.nextInt(workers),
        COMMIT_FAILPOINTS.get(random.nextInt(COMMIT_FAILPOINTS.size())),
        1 + random.nextInt(2),
        millis(random, 4_500, 9_000),
        "");
  }

  /// A worker stops inside a commit, and while its transaction is still open, the one that took
  /// over from it falls too: in the logs, what was committed in between lies behind what is
  /// undecided.
  private static List<Step> twoTakeovers(int workers, RandomGenerator random) {
    Duration at = millis(random, 300, 3_000);
    int first = random.nextInt(workers);
    Duration length = millis(random, 9_000, 16_000);
    int hit = 1 + random.nextInt(3);
    Duration later = at.plus(millis(random, 6_300, 9_500));
    int second = (first + 1) % workers;
    return List.of(
        random.nextBoolean()
            ? new Step.HaltAt(at, first, "commit.after-sends", hit, length, "")
            : new Step.PauseAt(at, first, "commit.after-sends", hit, length),
        random.nextBoolean()
            ? new Step.Restart(later, second, millis(random, 1, 500))
            : new Step.Crash(
                later, second, millis(random, 1, 500), DISKS.get(random.nextInt(DISKS.size()))));
  }

  private static Setup setup(long seed, RandomGenerator random) {
    int wordsPartitions = 1 + random.nextInt(3);
    int events = 500 + random.nextInt(300);
    // from a few seconds of event time to many hours, in which windows expire
    double rate = List.of(200.0, 20.0, 1.0, 0.05).get(random.nextInt(4));
    LoadShape load =
        new LoadShape(
            seed,
            rate,
            Duration.ofMillis((long) (events * 1000 / rate)),
            wordsPartitions,
            random.nextBoolean() ? "primary" : "synthetic:40",
            0);
    return new Setup(
        2 + random.nextInt(2),
        wordsPartitions,
        1 + random.nextInt(4),
        random.nextInt(4) == 0 ? Guarantee.AT_LEAST_ONCE : Guarantee.EXACTLY_ONCE,
        Duration.ofMillis(List.of(20, 50, 100, 100, 400).get(random.nextInt(5))),
        load,
        Duration.ofMillis(
            random.nextInt(3) == 0
                ? 8_000 + random.nextInt(20_000)
                : 1_500 + random.nextInt(4_000)),
        200 + random.nextInt(3_000),
        200 + random.nextInt(4_000),
        List.of(3, 20, 200, Integer.MAX_VALUE).get(random.nextInt(4)),
        random.nextInt(5) == 0 ? 60_000 : 5,
        0,
        0,
        1,
        1);
  }

  private static final int KINDS = 17;

  private static Step step(int kind, Duration at, int slots, RandomGenerator random) {
    int slot = random.nextInt(slots);
    return switch (kind) {
      case 0, 1 -> new Step.Crash(at, slot, down(random), DISKS.get(random.nextInt(DISKS.size())));
      case 2, 3 ->
          new Step.HaltAt(
              at,
              slot,
              FAILPOINTS.get(random.nextInt(FAILPOINTS.size())),
              1 + random.nextInt(4),
              down(random),
              random.nextInt(3) == 0 ? "recovery.midway=halt" : "");
      case 4 -> new Step.Pause(at, slot, millis(random, 100, 15_000));
      case 13, 14 ->
          new Step.PauseAt(
              at,
              slot,
              COMMIT_FAILPOINTS.get(random.nextInt(COMMIT_FAILPOINTS.size())),
              1 + random.nextInt(4),
              millis(random, 3_000, 15_000));
      case 15 -> {
        int other = (slot + 1 + random.nextInt(slots - 1)) % slots;
        yield new Step.CutLink(at, slot, other, random.nextBoolean(), millis(random, 500, 20_000));
      }
      case 16 -> new Step.Mute(at, slot, millis(random, 500, 20_000));
      case 5 -> new Step.CutOff(at, slot, millis(random, 100, 12_000));
      case 6 -> new Step.Restart(at, slot, millis(random, 1, 2_000));
      case 7 -> random.nextBoolean() ? new Step.Join(at, slots) : new Step.Leave(at, slot);
      case 8 ->
          random.nextBoolean()
              ? new Step.LoseReply(at, slot, api(random), 1 + random.nextInt(5))
              : new Step.LoseReplies(at, slot, api(random), patience(random));
      case 9 ->
          new Step.Delay(at, slot, api(random), 1 + random.nextInt(5), millis(random, 500, 12_000));
      case 10 -> {
        String api =
            List.of("Produce", "TxnOffsetCommit", "EndTxn", "InitProducerId", "OffsetFetch")
                .get(random.nextInt(5));
        yield new Step.Refuse(at, api, errorOf(api), millis(random, 50, 3_000));
      }
      case 11 -> new Step.Losses(at, 0.02 + random.nextDouble() * 0.3, millis(random, 100, 3_000));
      default ->
          random.nextBoolean()
              ? new Step.Slow(at, 2 + random.nextInt(60), millis(random, 100, 3_000))
              : new Step.Compact(at);
    };
  }

  private static Errors errorOf(String api) {
    return api.equals("Produce") ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NOT_COORDINATOR;
  }

  private static String api(RandomGenerator random) {
    return APIS.get(random.nextInt(APIS.size()));
  }

  /// Shorter than a client's patience, or longer.
  private static Duration patience(RandomGenerator random) {
    return random.nextBoolean() ? millis(random, 500, 9_000) : millis(random, 15_500, 25_000);
  }

  private static Duration down(RandomGenerator random) {
    // at once, before the group has noticed, or long after others have taken over
    return switch (random.nextInt(3)) {
      case 0 -> millis(random, 1, 50);
      case 1 -> millis(random, 50, 6_000);
      default -> millis(random, 6_500, 16_000);
    };
  }

  private static Duration millis(RandomGenerator random, int least, int most) {
    return Duration.ofMillis(least + random.nextInt(most - least));
  }
}
