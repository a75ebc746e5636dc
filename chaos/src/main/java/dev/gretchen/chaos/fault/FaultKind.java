package dev.gretchen.chaos.fault;

import dev.gretchen.chaos.service.Misbehaviour;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// What can be done to workers, brokers and the services that an app calls.
///
/// The id is the code of the fault catalogue, which several kinds may share: P1 crash, P2 graceful
/// stop, P4 kill at a failpoint, P5 crash loop, P6 kill of all, P7 chase, P8 double start, S1 short
/// pause, S2 pause beyond eviction, G2 scaling, G3 rebalance at a bad moment, D2 old state, D4
/// state of another, B1 kill of a broker, X services that misbehave. The budget is how long a fault
/// takes from its trigger until it is healed, on two busy cores: a plan is laid out by it, and the
/// nemesis waits as long as it really takes.
public enum FaultKind {
  /// SIGKILL to a worker, restart on the same disk.
  KILL_WORKER("P1", "kill-worker", 1, 5_500, Need.WORKERS),
  /// The same to the owner of a given partition.
  KILL_OWNER("P1", "kill-owner", 1, 5_500, Need.WORKERS),
  /// SIGKILL, restart on the same disk, and again before the group has settled.
  KILL_TWICE("P1", "kill-twice", 2, 8_000, Need.WORKERS),
  /// SIGKILL, restart on an empty disk, SIGKILL while it recovers.
  KILL_IN_RECOVERY("P1", "kill-in-recovery", 2, 11_000, Need.RECOVERIES_SHOWN),
  /// SIGKILL, restart on an empty disk.
  WIPE_WHILE_DOWN("P1", "wipe-while-down", 1, 6_000, Need.WORKERS),
  /// SIGTERM, a while without the worker, restart.
  GRACEFUL_STOP("P2", "graceful-stop", 0, 5_000, Need.WORKERS),
  /// SIGTERM and restart, one worker after the other.
  ROLLING_RESTART("P2", "rolling-restart", 0, 12_000, Need.WORKERS),
  /// SIGKILL where all effects of a transaction are on the brokers and its offsets are not.
  KILL_AFTER_SENDS("P4", "kill-after-sends", 1, 6_500, Need.FAILPOINTS),
  /// SIGKILL, restart on an empty disk with a pause in the recovery, SIGKILL in that pause.
  KILL_IN_PAUSED_RECOVERY("P4", "kill-in-paused-recovery", 2, 11_000, Need.FAILPOINTS),
  /// One more worker.
  ADD_WORKER("G2", "add-worker", 0, 4_000, Need.WORKERS),
  /// A worker leaves in order, and where it was one of the first, comes back after a while.
  REMOVE_WORKER("G2", "remove-worker", 0, 6_000, Need.WORKERS),
  /// SIGKILL and restart, again and again, each a moment after the start.
  CRASH_LOOP("P5", "crash-loop", 3, 9_000, Need.WORKERS),
  /// SIGKILL to every worker, then all are started.
  KILL_ALL("P6", "kill-all", 0, 9_000, Need.WORKERS),
  /// SIGKILL to the owner of one partition, to its next owner, and to the next.
  CHASE_OWNER("P7", "chase-owner", 3, 24_000, Need.WORKERS),
  /// A second process of a worker, on its directory: it must refuse to run.
  DOUBLE_START("P8", "double-start", 0, 5_000, Need.WORKERS),
  /// SIGSTOP and, before anybody minds, SIGCONT.
  SHORT_PAUSE("S1", "short-pause", 0, 2_000, Need.WORKERS),
  /// SIGSTOP until others have its partitions, then SIGCONT under load: a zombie.
  EVICTING_PAUSE("S2", "evicting-pause", 0, 14_000, Need.WORKERS),
  /// All but one worker leave in order, come back, and leave again.
  SCALING("G2", "scaling", 0, 18_000, Need.WORKERS),
  /// SIGKILL, restart on an empty disk with a pause in the recovery; in that pause a worker joins.
  REBALANCE_IN_RECOVERY("G3", "rebalance-in-recovery", 1, 12_000, Need.FAILPOINTS),
  /// SIGKILL to an owner, a pause where another begins to take over; in that pause a worker joins.
  REBALANCE_IN_PROMOTION("G3", "rebalance-in-promotion", 1, 14_000, Need.FAILPOINTS),
  /// SIGKILL, and the disk is put back as it was some seconds ago.
  OLD_STATE("D2", "old-state", 2, 12_000, Need.WORKERS),
  /// SIGKILL to two workers, which come back on each other's disks.
  SWAPPED_STATE("D4", "swapped-state", 2, 9_000, Need.WORKERS),
  /// SIGKILL to a broker, restart once the cluster has noticed.
  KILL_BROKER("B1", "kill-broker", 0, 10_500, Need.BROKER_FAULTS),
  /// A service answers late.
  SERVICE_SLOW("X", "service-slow", 0, 3_000, Need.SERVICES),
  /// A service answers 5xx.
  SERVICE_ERRORS("X", "service-errors", 0, 3_000, Need.SERVICES),
  /// A service answers 429 with `Retry-After`.
  SERVICE_THROTTLED("X", "service-throttled", 0, 3_000, Need.SERVICES),
  /// A service refuses connections.
  SERVICE_REFUSED("X", "service-refused", 0, 3_000, Need.SERVICES),
  /// A service takes requests and never answers.
  SERVICE_SILENT("X", "service-silent", 0, 3_500, Need.SERVICES),
  /// A service breaks off in the middle of its answers.
  SERVICE_RESET("X", "service-reset", 0, 3_000, Need.SERVICES),
  /// A service answers half of a JSON document.
  SERVICE_MALFORMED("X", "service-malformed", 0, 3_000, Need.SERVICES),
  /// A service gives the answers of other calls.
  SERVICE_WRONG_ENTITY("X", "service-wrong-entity", 0, 3_000, Need.SERVICES),
  /// A service does what is asked, and its answer is lost.
  SERVICE_ANSWER_LOST("X", "service-answer-lost", 0, 3_000, Need.SERVICES),
  /// A service is there and gone by turns.
  SERVICE_FLAPPING("X", "service-flapping", 0, 3_000, Need.SERVICES),
  /// A service is gone for long, and all who waited come at once.
  SERVICE_OUTAGE("X", "service-outage", 0, 7_500, Need.SERVICES);

  /// What a fault needs.
  public enum Need {
    /// Nothing but the workers themselves.
    WORKERS,
    /// The app's workers have failpoints.
    FAILPOINTS,
    /// The app's workers show in `/verify` when they recover, so that a recovery can be hit.
    RECOVERIES_SHOWN,
    /// Brokers can be killed.
    BROKER_FAULTS,
    /// The app calls services that the run provides.
    SERVICES
  }

  private static final String SERVICE = "SERVICE_";

  private final String id;
  private final String word;
  private final int sigkills;
  private final Duration budget;
  private final Need need;

  FaultKind(String id, String word, int sigkills, int budgetMillis, Need need) {
    this.id = id;
    this.word = word;
    this.sigkills = sigkills;
    this.budget = Duration.ofMillis(budgetMillis);
    this.need = need;
  }

  /// The code in the catalogue, such as `P1`.
  public String id() {
    return id;
  }

  /// The word for it, such as `kill-owner`.
  public String word() {
    return word;
  }

  /// How many SIGKILLs it sends to workers; [#KILL_ALL] sends as many as there are.
  public int sigkills() {
    return sigkills;
  }

  public Duration budget() {
    return budget;
  }

  public Need need() {
    return need;
  }

  /// What a service does, where this is a fault of one.
  public Optional<Misbehaviour> misbehaviour() {
    return need == Need.SERVICES
        ? Optional.of(Misbehaviour.valueOf(name().substring(SERVICE.length())))
        : Optional.empty();
  }

  public static Optional<FaultKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
