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

  private static final List<String> APIS =
      List.of(
          "Produce",
          "TxnOffsetCommit",
          "EndTxn",
          "InitProducerId",
          "JoinGroup",
          "SyncGroup",
          "Heartbeat",
          "LeaveGroup",
          "Fetch",
          "OffsetFetch",
          "ListOffsets");

  private static final List<Step.Disk> DISKS = List.of(Step.Disk.values());

  private static final List<String> FAILPOINTS =
      List.of(
          "commit.before-sends",
          "commit.after-sends",
          "commit.before-end",
          "commit.after-end",
          "recovery.started",
          "recovery.midway",
          "rebalance.revoking");

  private Schedules() {}

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
    long at = 300 + random.nextLong(1_500);
    int slots = setup.workers();
    for (int i = 0; i < count; i++) {
      Step step =
          step(allowed.get(random.nextInt(allowed.size())), Duration.ofMillis(at), slots, random);
      if (step instanceof Step.Join) {
        slots++;
      }
      steps.add(step);
      at += random.nextBoolean() ? random.nextLong(250) : 200 + random.nextLong(1_500);
    }
    steps.sort(Comparator.comparing(Step::at));
    return new Schedule(seed, 0, setup, steps);
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
        Duration.ofMillis(1_500 + random.nextInt(4_000)),
        200 + random.nextInt(3_000),
        200 + random.nextInt(4_000),
        random.nextInt(5) == 0 ? 60_000 : 5);
  }

  private static final int KINDS = 13;

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
      case 5 -> new Step.CutOff(at, slot, millis(random, 100, 12_000));
      case 6 -> new Step.Restart(at, slot, millis(random, 1, 2_000));
      case 7 -> random.nextBoolean() ? new Step.Join(at, slots) : new Step.Leave(at, slot);
      case 8 -> new Step.LoseReply(at, slot, api(random), 1 + random.nextInt(5));
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

  private static Duration down(RandomGenerator random) {
    return random.nextInt(3) == 0 ? millis(random, 1, 50) : millis(random, 50, 9_000);
  }

  private static Duration millis(RandomGenerator random, int least, int most) {
    return Duration.ofMillis(least + random.nextInt(most - least));
  }
}
