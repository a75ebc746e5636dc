package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Target;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/// Draws what a fault is done to, and with what, from the plan's own chance. Confined to the thread
/// of its [Planner].
final class Draw {
  /// A rolling restart goes through that many workers at the most, as its budget assumes.
  private static final int ROLLED_MAX = 3;

  /// A kill stays down longer than the session time-out only where the load has time for it.
  private static final Duration LONG_LOAD = Duration.ofMinutes(2);

  /// How long all brokers are away at the most, where the load is long enough.
  private static final long AWAY_MAX_MILLIS = 90_000;

  /// How long a killed worker is kept down at the most.
  private static final long DOWN_MAX_MILLIS = 8_000;

  /// By how much a clock is wrong at the most, and by half of it at the least: twenty seconds or
  /// more, so that nobody can doubt by which clock something was written.
  private static final long[] CLOCK_JUMPS_MILLIS = {40_000, 600_000, 7_200_000, 180_000_000};

  /// How many of these a broker's clock may do: one that is hours behind refuses what it is sent.
  private static final int BROKER_CLOCK_JUMPS = 2;

  private final Setting setting;
  private final SplittableRandom random;

  Draw(Setting setting, SplittableRandom random) {
    this.setting = setting;
    this.random = random;
  }

  /// Whom it hits: a role, with a partition of the seed's.
  Target target(FaultKind kind) {
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
          TRANSACTION_PAUSE,
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
          FULL_DISK,
          KILL_WHILE_STOPPING,
          LITTLE_MEMORY,
          FEW_FILES,
          GARBAGE_STORM,
          STARVED_WORKER,
          DELETED_INPUT,
          COMPACTED_CHANGELOGS,
          LITTERED_DISK,
          LOST_FILES,
          DAMAGED_MANIFEST,
          FAILING_DISK,
          READ_ONLY_DISK,
          SLOW_DISK,
          CLOCK_JUMP,
          HANGING_TRANSACTION,
          KILL_WITH_LEADER,
          KILL_IN_OUTAGE,
          PAUSED_BEHIND_CUT ->
          new Target.OwnerOf(setting.source().topic(), partition());
      case ROLLING_RESTART,
          KILL_ALL,
          SCALING,
          SWIZZLE,
          WORKERS_APART,
          EVICTION_STORM,
          ROLLING_RECONFIGURATION,
          ROLLING_UPGRADE ->
          new Target.EachWorker();
      case LEADER_ELECTION -> new Target.EachBroker();
      case ADDED_PARTITIONS, ABORTED_INPUT, STRANGE_INPUT ->
          new Target.Input(setting.source().topic());
      case ADD_WORKER -> new Target.NewWorker();
      case REMOVE_WORKER -> new Target.NewestWorker();
      case BROKER_OUTAGE, INSYNC_SHORTAGE -> new Target.EachBroker();
      case KILL_GROUP_COORDINATOR, COMPACTED_OFFSETS -> new Target.GroupCoordinator();
      case KILL_TRANSACTION_COORDINATOR -> new Target.TransactionCoordinator();
      case KILL_CONTROLLER -> new Target.Controller();
      case BROKER_STOP,
          BROKER_PAUSE,
          LEADER_WITHOUT_FOLLOWERS,
          ONE_WAY_BROKER_CUT,
          BROKER_PAIR_CUT,
          BROKER_CLOCK_JUMP,
          FULL_LOG_DIR ->
          new Target.LeaderOf(setting.source().topic(), partition());
      case KILL_BROKER ->
          random.nextBoolean() || setting.brokers() < 1
              ? new Target.LeaderOf(setting.source().topic(), partition())
              : new Target.Broker(1 + random.nextInt(setting.brokers()));
      case SERVICE_SLOW,
          SERVICE_ERRORS,
          SERVICE_THROTTLED,
          SERVICE_REFUSED,
          SERVICE_SILENT,
          SERVICE_RESET,
          SERVICE_MALFORMED,
          SERVICE_WRONG_ENTITY,
          SERVICE_ANSWER_LOST,
          SERVICE_FLAPPING,
          SERVICE_OUTAGE ->
          new Target.AnyService();
    };
  }

  /// Half of the time all calls suffer, so that circuit breakers open.
  private long percent() {
    return random.nextBoolean() ? 100 : random.nextLong(20, 80);
  }

  /// Seconds, minutes, hours or a day, forth or back: what a step of NTP, a wrong time zone or a
  /// machine that was asleep do.
  private long clockJumpMillis(int kinds) {
    long most = CLOCK_JUMPS_MILLIS[random.nextInt(kinds)];
    long jump = random.nextLong(most / 2, most);
    return random.nextBoolean() ? jump : -jump;
  }

  private boolean staysDown() {
    return setting.load().compareTo(LONG_LOAD) >= 0 && random.nextBoolean();
  }

  /// A plan that has no other kind gives it all the time that there is.
  private long awayMillis() {
    boolean alone = setting.selection().kinds().size() == 1;
    long most = alone ? setting.window().minus(FaultKind.BROKER_OUTAGE.budget()).toMillis() : 0;
    return Math.max(
        awayMillis(setting.load()), Math.min(AWAY_MAX_MILLIS, most - Planner.CALM_MIN.toMillis()));
  }

  private static long awayMillis(Duration load) {
    return Math.min(AWAY_MAX_MILLIS, load.toMillis() / 4);
  }

  /// How much longer than its usual time a kind may take beside others, for what is drawn.
  static Duration extraMax(FaultKind kind, Duration load) {
    return switch (kind) {
      case KILL_WORKER, KILL_OWNER -> Duration.ofMillis(DOWN_MAX_MILLIS);
      case BROKER_OUTAGE -> Duration.ofMillis(awayMillis(load));
      default -> Duration.ZERO;
    };
  }

  private int partition() {
    return random.nextInt(setting.source().partitions());
  }

  /// What it is done with, by name.
  Map<String, Long> parameters(FaultKind kind) {
    return switch (kind) {
      case KILL_TWICE -> Map.of("gap-ms", random.nextLong(300, 1_500));
      case GRACEFUL_STOP -> Map.of("down-ms", random.nextLong(200, 1_000));
      case REMOVE_WORKER -> Map.of("down-ms", random.nextLong(1_000, 3_000));
      case KILL_AFTER_SENDS, TRANSACTION_PAUSE -> Map.of("after", random.nextLong(1, 4));
      case KILL_IN_PAUSED_RECOVERY -> Map.of("wipe", 1L);
      case ROLLING_RESTART -> Map.of("workers", (long) Math.min(ROLLED_MAX, setting.workers()));
      // half of them stay down until the group has noticed, so that others take over
      case KILL_WORKER, KILL_OWNER ->
          Map.of("down-ms", staysDown() ? random.nextLong(6_500, DOWN_MAX_MILLIS) : 0);
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
      case BROKER_OUTAGE -> Map.of("away-ms", awayMillis());
      case WORKERS_APART -> Map.of("hold-ms", random.nextLong(3_000, 6_000));
      case INSYNC_SHORTAGE -> Map.of("hold-ms", random.nextLong(3_000, 6_000));
      case BROKER_PAUSE -> Map.of("pause-ms", random.nextLong(1_000, 5_000));
      case FLIPPED_BIT, TRUNCATED_FILE -> Map.of("choice", random.nextLong(0, 1 << 20));
      case FULL_DISK, LITTLE_MEMORY, FEW_FILES, FAILING_DISK, READ_ONLY_DISK ->
          Map.of("hold-ms", random.nextLong(3_000, 6_000));
      // a worker that unpacks what it needs there writes a thousand times before it begins
      case SLOW_DISK -> Map.of("delay-ms", random.nextLong(2, 7));
      case GARBAGE_STORM ->
          Map.of("hold-ms", random.nextLong(3_000, 6_000), "gap-ms", random.nextLong(5, 50));
      case KILL_WHILE_STOPPING -> Map.of("gap-ms", random.nextLong(1, 40));
      case STARVED_WORKER -> Map.of("times", random.nextLong(15, 40), "run-ms", 20L);
      case LEADER_WITHOUT_FOLLOWERS, ONE_WAY_BROKER_CUT, BROKER_PAIR_CUT ->
          Map.of("hold-ms", random.nextLong(6_000, 10_000));
      case LEADER_ELECTION -> Map.of("times", random.nextLong(2, 4), "gap-ms", 1_500L);
      case ADDED_PARTITIONS -> Map.of("partitions", random.nextLong(1, 4));
      case LOST_FILES -> Map.of("hold-ms", random.nextLong(500, 3_000));
      case DAMAGED_MANIFEST -> Map.of("choice", random.nextLong(0, 1 << 20));
      case CLOCK_JUMP ->
          Map.of(
              "ahead-ms",
              clockJumpMillis(CLOCK_JUMPS_MILLIS.length),
              "hold-ms",
              random.nextLong(4_000, 7_000));
      case BROKER_CLOCK_JUMP ->
          Map.of(
              "ahead-ms",
              clockJumpMillis(BROKER_CLOCK_JUMPS),
              "hold-ms",
              random.nextLong(4_000, 7_000));
      case ABORTED_INPUT -> Map.of("times", random.nextLong(3, 9));
      case STRANGE_INPUT -> Map.of("times", random.nextLong(1, 4));
      case HANGING_TRANSACTION -> Map.of("hold-ms", random.nextLong(3_000, 8_000));
      case ROLLING_RECONFIGURATION, ROLLING_UPGRADE ->
          Map.of("workers", (long) Math.min(ROLLED_MAX, setting.workers()));
      case KILL_IN_OUTAGE -> Map.of("hold-ms", random.nextLong(4_000, 8_000));
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
          KILL_BROKER,
          FULL_LOG_DIR,
          DELETED_INPUT,
          COMPACTED_CHANGELOGS,
          COMPACTED_OFFSETS,
          LITTERED_DISK,
          KILL_WITH_LEADER,
          PAUSED_BEHIND_CUT ->
          Map.of();
      case SERVICE_OUTAGE -> Map.of("active-ms", random.nextLong(4_000, 6_000), "percent", 100L);
      case SERVICE_SLOW,
          SERVICE_ERRORS,
          SERVICE_THROTTLED,
          SERVICE_REFUSED,
          SERVICE_SILENT,
          SERVICE_RESET,
          SERVICE_MALFORMED,
          SERVICE_WRONG_ENTITY,
          SERVICE_ANSWER_LOST,
          SERVICE_FLAPPING ->
          Map.of("active-ms", random.nextLong(1_500, 2_500), "percent", percent());
    };
  }
}
