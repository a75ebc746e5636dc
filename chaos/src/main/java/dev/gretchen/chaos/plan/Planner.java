package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.fault.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Lays faults out over a load.
///
/// The first round takes each selected kind once, in an order of the seed but for a kill of an
/// owner, which comes first, and the rolling restart, which comes last, and leaves out what no
/// longer fits. More rounds follow while there is room for them with a comfortable calm. What
/// remains of the window is dealt out at random as calm between the faults. Where that is little, a
/// step follows the healing of the one ahead of it, so that no time is lost; where it is ample, a
/// step has a place in the load of its own, so that slow healing does not push all that follow.
final class Planner {
  /// The least calm between the healing of a fault and the next fault.
  static final Duration CALM_MIN = Duration.ofMillis(500);

  /// The calm that a fault beyond the first round must leave room for.
  static final Duration CALM_COMFORTABLE = Duration.ofSeconds(6);

  /// Beyond that many, a plan ends early; hours of load have fewer.
  static final int STEPS_MAX = 10_000;

  /// Calm from which on a step gets a place of its own.
  private static final Duration CALM_AMPLE = Duration.ofSeconds(3);

  /// A rolling restart goes through that many workers at the most, as its budget assumes.
  private static final int ROLLED_MAX = 3;

  private static final double FRACTION_UNITS = 10_000;

  /// A kill stays down longer than the session time-out only where the load has time for it.
  private static final Duration LONG_LOAD = Duration.ofMinutes(2);

  /// How long all brokers are away at the most, where the load is long enough.
  private static final long AWAY_MAX_MILLIS = 90_000;

  private record Choice(FaultKind kind, Map<String, Long> parameters) {
    Duration budget() {
      return Step.budget(kind, parameters);
    }
  }

  private final Setting setting;
  private final SplittableRandom random;

  Planner(Setting setting) {
    this.setting = setting;
    this.random = new SplittableRandom(setting.seed());
  }

  Plan plan() {
    List<Choice> chosen = new ArrayList<>();
    List<Skipped> leftOut = new ArrayList<>();
    furtherRounds(chosen, firstRound(chosen, leftOut));
    return new Plan(setting.seed(), setting.load(), layOut(chosen), leftOut);
  }

  private List<FaultKind> round() {
    List<FaultKind> kinds = new ArrayList<>(setting.selection().kinds());
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private Duration firstRound(List<Choice> chosen, List<Skipped> leftOut) {
    List<FaultKind> order = round();
    if (order.remove(FaultKind.KILL_OWNER)) {
      order.addFirst(FaultKind.KILL_OWNER);
    }
    // the longest, and harmless: what does not fit any more is the end of it
    if (order.remove(FaultKind.ROLLING_RESTART)) {
      order.addLast(FaultKind.ROLLING_RESTART);
    }
    Duration room = setting.window();
    for (FaultKind kind : order) {
      Choice choice = choose(kind);
      Duration needed = choice.budget().plus(CALM_MIN);
      if (needed.compareTo(room) <= 0 || chosen.isEmpty()) {
        chosen.add(choice);
        room = room.minus(needed);
      } else {
        leftOut.add(
            Skipped.of(
                kind, "a load of " + setting.load().toSeconds() + " s has no time left for it"));
      }
    }
    return room;
  }

  private void furtherRounds(List<Choice> chosen, Duration before) {
    Duration room = before;
    while (!chosen.isEmpty()) {
      for (FaultKind kind : round()) {
        Choice choice = choose(kind);
        Duration needed = choice.budget().plus(CALM_COMFORTABLE);
        if (needed.compareTo(room) > 0 || chosen.size() >= STEPS_MAX) {
          return;
        }
        chosen.add(choice);
        room = room.minus(needed);
      }
    }
  }

  private Choice choose(FaultKind kind) {
    return new Choice(kind, parameters(kind));
  }

  private List<Step> layOut(List<Choice> choices) {
    Duration busy = choices.stream().map(Choice::budget).reduce(Duration.ZERO, Duration::plus);
    Duration least = CALM_MIN.multipliedBy(Math.max(0, choices.size() - 1));
    long slack = Math.max(0, setting.window().minus(busy).minus(least).toMillis());
    long[] extra = deal(slack, choices.size() + 1);
    List<Step> steps = new ArrayList<>();
    Duration at = setting.lead();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      FaultKind kind = choice.kind();
      Duration calm = Duration.ofMillis(extra[i]).plus(i == 0 ? Duration.ZERO : CALM_MIN);
      at = at.plus(calm);
      steps.add(new Step(i + 1, kind, target(kind), trigger(i, calm, at), choice.parameters()));
      at = at.plus(choice.budget());
    }
    return steps;
  }

  /// Splits an amount at random into so many parts.
  private long[] deal(long amount, int parts) {
    double[] weights = random.doubles(parts, 0.2, 1.0).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    long[] result = new long[parts];
    for (int i = 0; i < parts; i++) {
      result[i] = (long) (amount * weights[i] / sum);
    }
    return result;
  }

  private Trigger trigger(int index, Duration calm, Duration at) {
    boolean byProgress = random.nextInt(3) > 0;
    if (index > 0 && calm.compareTo(CALM_AMPLE) < 0) {
      return new Trigger.AfterHealed(calm);
    }
    double fraction = (double) at.toMillis() / setting.load().toMillis();
    return byProgress
        ? new Trigger.AtProgress(Math.min(1, Math.ceil(fraction * FRACTION_UNITS) / FRACTION_UNITS))
        : new Trigger.AtTime(at);
  }

  private Target target(FaultKind kind) {
    return switch (kind) {
      case KILL_WORKER, GRACEFUL_STOP, DOUBLE_START, SHORT_PAUSE -> new Target.AnyWorker();
      case KILL_OWNER,
          KILL_TWICE,
          KILL_IN_RECOVERY,
          WIPE_WHILE_DOWN,
          KILL_AFTER_SENDS,
          KILL_IN_PAUSED_RECOVERY,
          CRASH_LOOP,
          CHASE_OWNER,
          EVICTING_PAUSE,
          REBALANCE_IN_RECOVERY,
          REBALANCE_IN_PROMOTION,
          OLD_STATE,
          SWAPPED_STATE,
          COMMIT_PAUSE,
          CUT_WORKER,
          LEADER_CUT,
          DEAF_LINK,
          FLAPPING_LINK,
          SLOW_LINK,
          NARROW_LINK,
          CONNECTION_RESET,
          HALF_OPEN_LINK,
          SLICED_LINK,
          LOSE_PRODUCE_RESPONSE,
          LOSE_ADDOFFSETSTOTXN_RESPONSE,
          LOSE_TXNOFFSETCOMMIT_RESPONSE,
          LOSE_ENDTXN_RESPONSE,
          LOSE_FETCH_RESPONSE,
          LOSE_HEARTBEAT_RESPONSE,
          LOSE_JOINGROUP_RESPONSE,
          LOSE_SYNCGROUP_RESPONSE,
          LOSE_INITPRODUCERID_RESPONSE,
          LATE_ENDTXN,
          HIJACKED_TRANSACTIONAL_ID,
          FLIPPED_BIT,
          TRUNCATED_FILE,
          FULL_DISK ->
          new Target.OwnerOf(setting.source().topic(), partition());
      case ROLLING_RESTART, KILL_ALL, SCALING, SWIZZLE, EVICTION_STORM -> new Target.EachWorker();
      case ADD_WORKER -> new Target.NewWorker();
      case REMOVE_WORKER -> new Target.NewestWorker();
      case BROKER_OUTAGE, INSYNC_SHORTAGE -> new Target.EachBroker();
      case KILL_GROUP_COORDINATOR -> new Target.GroupCoordinator();
      case KILL_TRANSACTION_COORDINATOR -> new Target.TransactionCoordinator();
      case KILL_CONTROLLER -> new Target.Controller();
      case BROKER_STOP, BROKER_PAUSE -> new Target.LeaderOf(setting.source().topic(), partition());
      case KILL_BROKER ->
          random.nextBoolean() || setting.brokers() < 1
              ? new Target.LeaderOf(setting.source().topic(), partition())
              : new Target.Broker(1 + random.nextInt(setting.brokers()));
    };
  }

  private boolean staysDown() {
    return setting.load().compareTo(LONG_LOAD) >= 0 && random.nextBoolean();
  }

  private long loadMillis() {
    return setting.load().toMillis();
  }

  private int partition() {
    return random.nextInt(setting.source().partitions());
  }

  private Map<String, Long> parameters(FaultKind kind) {
    return switch (kind) {
      case KILL_TWICE -> Map.of("gap-ms", random.nextLong(300, 1_500));
      case GRACEFUL_STOP -> Map.of("down-ms", random.nextLong(200, 1_000));
      case REMOVE_WORKER -> Map.of("down-ms", random.nextLong(1_000, 3_000));
      case KILL_AFTER_SENDS -> Map.of("after", random.nextLong(1, 4));
      case KILL_IN_PAUSED_RECOVERY -> Map.of("wipe", 1L);
      case ROLLING_RESTART -> Map.of("workers", (long) Math.min(ROLLED_MAX, setting.workers()));
      // half of them stay down until the group has noticed, so that others take over
      case KILL_WORKER, KILL_OWNER ->
          Map.of("down-ms", staysDown() ? random.nextLong(6_500, 8_000) : 0);
      case CRASH_LOOP -> Map.of("gap-ms", random.nextLong(300, 1_500));
      case KILL_ALL -> Map.of("workers", (long) setting.workers());
      case SHORT_PAUSE -> Map.of("pause-ms", random.nextLong(100, 600));
      case OLD_STATE -> Map.of("gap-ms", random.nextLong(1_500, 3_000));
      case COMMIT_PAUSE ->
          Map.of("after", random.nextLong(1, 4), "pause-ms", random.nextLong(11_500, 13_500));
      case LEADER_CUT -> Map.of("hold-ms", random.nextLong(2_000, 5_000));
      case DEAF_LINK, HALF_OPEN_LINK -> Map.of("hold-ms", random.nextLong(1_500, 5_000));
      case FLAPPING_LINK ->
          Map.of("times", random.nextLong(4, 8), "gap-ms", random.nextLong(150, 500));
      case SLOW_LINK ->
          Map.of("delay-ms", random.nextLong(20, 150), "hold-ms", random.nextLong(3_000, 5_000));
      case NARROW_LINK ->
          Map.of(
              "bytes-per-s",
              random.nextLong(50_000, 200_000),
              "hold-ms",
              random.nextLong(3_000, 5_000));
      case CONNECTION_RESET ->
          Map.of("times", random.nextLong(2, 6), "gap-ms", random.nextLong(100, 700));
      case SLICED_LINK ->
          Map.of("bytes", random.nextLong(3, 60), "hold-ms", random.nextLong(2_000, 4_000));
      case LOSE_PRODUCE_RESPONSE,
          LOSE_ADDOFFSETSTOTXN_RESPONSE,
          LOSE_TXNOFFSETCOMMIT_RESPONSE,
          LOSE_ENDTXN_RESPONSE,
          LOSE_FETCH_RESPONSE,
          LOSE_HEARTBEAT_RESPONSE ->
          Map.of(
              "nth",
              random.nextLong(1, 5),
              "times",
              random.nextLong(1, 3),
              "silent",
              random.nextLong(0, 2));
      // a member asks for these seldom: the first is the one that there is
      case LOSE_JOINGROUP_RESPONSE, LOSE_SYNCGROUP_RESPONSE, LOSE_INITPRODUCERID_RESPONSE ->
          Map.of("nth", 1L, "times", random.nextLong(1, 3), "silent", 0L);
      case LATE_ENDTXN -> Map.of("nth", random.nextLong(1, 4));
      case SWIZZLE -> Map.of("gap-ms", random.nextLong(200, 900));
      case EVICTION_STORM ->
          Map.of("times", random.nextLong(4, 8), "gap-ms", random.nextLong(400, 1_500));
      case BROKER_OUTAGE -> Map.of("away-ms", Math.min(AWAY_MAX_MILLIS, loadMillis() / 4));
      case INSYNC_SHORTAGE -> Map.of("hold-ms", random.nextLong(3_000, 6_000));
      case BROKER_PAUSE -> Map.of("pause-ms", random.nextLong(1_000, 5_000));
      case FLIPPED_BIT, TRUNCATED_FILE -> Map.of("choice", random.nextLong(0, 1 << 20));
      case FULL_DISK -> Map.of("hold-ms", random.nextLong(3_000, 6_000));
      case BROKER_STOP,
          KILL_GROUP_COORDINATOR,
          KILL_TRANSACTION_COORDINATOR,
          KILL_CONTROLLER,
          CUT_WORKER,
          HIJACKED_TRANSACTIONAL_ID,
          KILL_IN_RECOVERY,
          WIPE_WHILE_DOWN,
          ADD_WORKER,
          CHASE_OWNER,
          DOUBLE_START,
          EVICTING_PAUSE,
          SCALING,
          REBALANCE_IN_RECOVERY,
          REBALANCE_IN_PROMOTION,
          SWAPPED_STATE,
          KILL_BROKER ->
          Map.of();
    };
  }
}
