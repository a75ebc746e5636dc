package dev.gretchen.chaos.fault;

import dev.gretchen.chaos.machine.Finding;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import dev.gretchen.chaos.service.Misbehaviour;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// What can be done to workers, brokers and the services that an app calls.
///
/// The id is the code of the fault catalogue, which several kinds may share: P for a process, S for
/// one that stands still, N for the network, B for brokers, G for group and ownership, D for disks,
/// C for clocks, T for what is in topics, U for upgrades, M for several at once, X for services
/// that misbehave. The budget is how long a fault takes from its trigger until it is healed, on two
/// busy cores: a plan is laid out by it, and the nemesis waits as long as it really takes. The
/// first sentences before each constant also stand in `docs/faults.md`.
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
  /// SIGTERM to a broker, which hands over what it leads, and restart.
  BROKER_STOP("B1", "broker-stop", 0, 16_000, Need.BROKER_FAULTS),
  /// SIGKILL to the broker that coordinates the app's group.
  KILL_GROUP_COORDINATOR("B2", "kill-group-coordinator", 0, 12_000, Need.BROKER_FAULTS),
  /// SIGKILL to the broker that coordinates a worker's transactions.
  KILL_TRANSACTION_COORDINATOR("B2", "kill-transaction-coordinator", 0, 12_000, Need.BROKER_FAULTS),
  /// SIGKILL to the active controller.
  KILL_CONTROLLER("B2", "kill-controller", 0, 12_000, Need.BROKER_FAULTS),
  /// SIGSTOP to all brokers but one: nothing can be acknowledged until they go on.
  INSYNC_SHORTAGE("B3", "insync-shortage", 0, 22_000, Need.BROKER_FAULTS),
  /// SIGSTOP to all brokers, for long.
  BROKER_OUTAGE("B12", "broker-outage", 0, 25_000, Need.BROKER_FAULTS),
  /// SIGSTOP to a broker, SIGCONT after a while.
  BROKER_PAUSE("S6", "broker-pause", 0, 10_000, Need.BROKER_FAULTS),
  /// A pause where the changelog is on the brokers and the offsets are not, past the transaction's
  /// time-out.
  COMMIT_PAUSE("S4", "commit-pause", 0, 24_000, Need.FAILPOINTS),
  /// SIGSTOP in the middle of a transaction, until that has been ended by somebody else.
  TRANSACTION_PAUSE("S3", "transaction-pause", 0, 24_000, Need.FAILPOINTS),
  /// The worker is cut off from all brokers until others have its partitions; what it sent arrives
  /// late.
  CUT_WORKER("N1", "cut-worker", 0, 18_000, Need.LINKS),
  /// It is cut off from the broker that leads one of its partitions, and reaches the others.
  LEADER_CUT("N2", "leader-cut", 0, 12_000, Need.LINKS),
  /// Its requests arrive, and no response comes back.
  DEAF_LINK("N3", "deaf-link", 0, 14_000, Need.LINKS),
  /// Its link is cut and mended again and again.
  FLAPPING_LINK("N4", "flapping-link", 0, 9_000, Need.LINKS),
  /// Latency and jitter on its link.
  SLOW_LINK("N6", "slow-link", 0, 9_000, Need.LINKS),
  /// Little bandwidth on its link.
  NARROW_LINK("N8", "narrow-link", 0, 9_000, Need.LINKS),
  /// Its connections are reset, several times.
  CONNECTION_RESET("N9", "connection-reset", 0, 6_000, Need.LINKS),
  /// Its brokers take everything and say nothing.
  HALF_OPEN_LINK("N10", "half-open-link", 0, 14_000, Need.LINKS),
  /// Frames arrive in small pieces.
  SLICED_LINK("N11", "sliced-link", 0, 8_000, Need.LINKS),
  /// The response to the n-th Produce never arrives.
  LOSE_PRODUCE_RESPONSE("N12", "lose-produce-response", 0, 8_000, Need.LINKS),
  /// The response to the n-th TxnOffsetCommit never arrives.
  LOSE_TXNOFFSETCOMMIT_RESPONSE("N12", "lose-txnoffsetcommit-response", 0, 8_000, Need.LINKS),
  /// The response to the n-th EndTxn never arrives.
  LOSE_ENDTXN_RESPONSE("N12", "lose-endtxn-response", 0, 8_000, Need.LINKS),
  /// The response to the n-th Fetch never arrives.
  LOSE_FETCH_RESPONSE("N12", "lose-fetch-response", 0, 8_000, Need.LINKS),
  /// The response to the n-th Heartbeat never arrives.
  LOSE_HEARTBEAT_RESPONSE("N12", "lose-heartbeat-response", 0, 8_000, Need.LINKS),
  /// Under transaction version 2 no client asks for it any more.
  LOSE_ADDOFFSETSTOTXN_RESPONSE(
      "N12", "lose-addoffsetstotxn-response", 0, 8_000, Need.CLIENTS_ADD_OFFSETS),
  /// SIGKILL, and the response to the n-th JoinGroup of the next process never arrives.
  LOSE_JOINGROUP_RESPONSE("N12", "lose-joingroup-response", 1, 12_000, Need.LINKS),
  /// SIGKILL, and the response to the n-th SyncGroup of the next process never arrives.
  LOSE_SYNCGROUP_RESPONSE("N12", "lose-syncgroup-response", 1, 12_000, Need.LINKS),
  /// SIGKILL, and the response to the n-th InitProducerId of the next process never arrives.
  LOSE_INITPRODUCERID_RESPONSE("N12", "lose-initproducerid-response", 1, 12_000, Need.LINKS),
  /// A commit is held back, its worker gets SIGKILL and comes back, and then the commit arrives.
  LATE_ENDTXN("N13", "late-endtxn", 1, 12_000, Need.LINKS),
  /// The links of all workers are cut one by one and mended in another order.
  SWIZZLE("N17", "swizzle", 0, 12_000, Need.LINKS),
  /// All workers reach the brokers and lose each other: what connects two of them is reset at once.
  WORKERS_APART("N14", "workers-apart", 0, 12_000, Need.SOCKETS),
  /// Members are removed from the group, again and again.
  EVICTION_STORM("G1", "eviction-storm", 0, 16_000, Need.WORKERS),
  /// Somebody else begins transactions under a worker's transactional id.
  HIJACKED_TRANSACTIONAL_ID("G6", "hijacked-transactional-id", 0, 9_000, Need.WORKERS),
  /// SIGKILL, a bit of the store's files is flipped, restart.
  FLIPPED_BIT("D5", "flipped-bit", 1, 9_000, Need.WORKERS),
  /// SIGKILL, one of the store's files is cut short, restart.
  TRUNCATED_FILE("D5", "truncated-file", 1, 9_000, Need.WORKERS),
  /// The worker's disk is small, and full for a while.
  FULL_DISK("D6", "full-disk", 2, 25_000, Need.SMALL_DISK),
  /// SIGTERM, and SIGKILL while the worker leaves.
  KILL_WHILE_STOPPING("P3", "kill-while-stopping", 1, 6_500, Need.WORKERS),
  /// The worker gets neither memory nor threads beyond what it has, for a while.
  LITTLE_MEMORY("P10", "little-memory", 0, 20_000, Need.PRLIMIT),
  /// The worker collects its garbage again and again, all of it, and stands still meanwhile.
  GARBAGE_STORM("P13", "garbage-storm", 0, 12_000, Need.JVM),
  /// The worker can open no more files and connections for a while.
  FEW_FILES("P12", "few-files", 0, 20_000, Need.PRLIMIT),
  /// The worker gets a tenth of its time, in slices: too little to keep up, enough to look alive.
  STARVED_WORKER("S5", "starved-worker", 0, 12_000, Need.WORKERS),
  /// The leader of a partition and the other brokers do not reach each other; all reach the
  /// controllers.
  LEADER_WITHOUT_FOLLOWERS("N5", "leader-without-followers", 0, 20_000, Need.BROKER_LINKS),
  /// A broker does not reach the others, which reach it.
  ONE_WAY_BROKER_CUT("N5", "one-way-broker-cut", 0, 20_000, Need.BROKER_LINKS),
  /// Two brokers do not reach each other, and a third reaches both.
  BROKER_PAIR_CUT("N5", "broker-pair-cut", 0, 20_000, Need.BROKER_LINKS),
  /// The partitions of the app, of its group and of its transactions get other leaders, again and
  /// again.
  LEADER_ELECTION("B4", "leader-election", 0, 14_000, Need.SEVERAL_BROKERS),
  /// The disk of a broker is small, and full until the broker gives up.
  FULL_LOG_DIR("B6", "full-log-dir", 0, 35_000, Need.SMALL_BROKER_DISK),
  /// All workers leave in order, and events that nobody has read are deleted: whoever gets that
  /// partition must say so and stop. Then the offset is set by hand.
  DELETED_INPUT("B7", "deleted-input", 0, 45_000, Need.ADMIN),
  /// The input topic gets more partitions.
  ADDED_PARTITIONS("B8", "added-partitions", 0, 8_000, Need.ADMIN),
  /// The changelogs are rolled and compacted at once; then SIGKILL, restart on an empty disk.
  COMPACTED_CHANGELOGS("B10", "compacted-changelogs", 1, 25_000, Need.OUR_TOPICS),
  /// The logs in which groups' offsets lie are rolled and compacted at once; then SIGKILL to the
  /// broker that coordinates the app's group, so that another one loads what is left.
  COMPACTED_OFFSETS("B10", "compacted-offsets", 0, 40_000, Need.BROKER_FAULTS),
  /// SIGKILL, restart on a disk on which lie a lock, half a file, a table that no list names and
  /// folders of nobody.
  LITTERED_DISK("D10", "littered-disk", 1, 8_000, Need.WORKERS),
  /// Every file of the store is deleted and the worker runs on for a moment; SIGKILL, restart.
  LOST_FILES("D1", "lost-files", 1, 12_000, Need.WORKERS),
  /// SIGKILL, a bit of the file that lists the store's files is flipped, restart.
  DAMAGED_MANIFEST("D5", "damaged-manifest", 1, 9_000, Need.WORKERS),
  /// Whatever the worker writes to its disk fails with EIO for a while.
  FAILING_DISK("D8", "failing-disk", 0, 20_000, Need.PRELOAD),
  /// SIGKILL, and for a while the disk may only be read when the worker comes back.
  READ_ONLY_DISK("D7", "read-only-disk", 1, 20_000, Need.PRELOAD),
  /// SIGKILL, restart on an empty disk on which each write takes some milliseconds more.
  SLOW_DISK("D9", "slow-disk", 1, 20_000, Need.PRELOAD),
  /// The worker's wall clock jumps by seconds to two days, forth or back, and later returns.
  CLOCK_JUMP("C1", "clock-jump", 0, 14_000, Need.PRELOAD),
  /// A broker's wall clock jumps by seconds or minutes, forth or back, and later returns: to it,
  /// open transactions are as old as that.
  BROKER_CLOCK_JUMP("C3", "broker-clock-jump", 0, 16_000, Need.BROKER_PRELOAD),
  /// Somebody writes to the input in transactions and aborts them.
  ABORTED_INPUT("T", "aborted-input", 0, 6_000, Need.ADMIN),
  /// Records that no app expects: no key, no value, no text, many headers, a lot of bytes.
  STRANGE_INPUT("T", "strange-input", 0, 6_000, Need.ADMIN),
  /// Somebody's transaction stays open on changelogs and input, while SIGKILL and an empty disk
  /// make a worker recover from them.
  HANGING_TRANSACTION("T", "hanging-transaction", 1, 20_000, Need.ADMIN),
  /// SIGTERM and restart with another commit interval and other standbys, one worker after the
  /// other.
  ROLLING_RECONFIGURATION("U", "rolling-reconfiguration", 0, 28_000, Need.SETTINGS),
  /// SIGTERM and restart as the app's other version, which has another table, one worker after the
  /// other; the next time back.
  ROLLING_UPGRADE("U", "rolling-upgrade", 0, 28_000, Need.VERSIONS),
  /// SIGKILL to the owner of a partition and to the broker that leads it, at once.
  KILL_WITH_LEADER("M", "kill-with-leader", 1, 16_000, Need.BROKER_FAULTS),
  /// SIGSTOP to all brokers; SIGKILL to a worker, which starts again before they go on.
  KILL_IN_OUTAGE("M", "kill-in-outage", 1, 22_000, Need.BROKER_FAULTS),
  /// A worker is cut off and stands still until others have its partitions; it goes on behind the
  /// cut, which ends last.
  PAUSED_BEHIND_CUT("M", "paused-behind-cut", 0, 20_000, Need.LINKS),
  /// A service answers late.
  SERVICE_SLOW("X", "service-delay", 0, 3_000, Need.SERVICES),
  /// A service answers 5xx.
  SERVICE_ERRORS("X", "service-error", 0, 3_000, Need.SERVICES),
  /// A service answers 429 with `Retry-After`.
  SERVICE_THROTTLED("X", "service-throttle", 0, 3_000, Need.SERVICES),
  /// A service refuses connections.
  SERVICE_REFUSED("X", "service-refusal", 0, 3_000, Need.SERVICES),
  /// A service takes requests and never answers.
  SERVICE_SILENT("X", "service-silence", 0, 3_500, Need.SERVICES),
  /// A service breaks off in the middle of its answers.
  SERVICE_RESET("X", "service-reset", 0, 3_000, Need.SERVICES),
  /// A service answers half of a JSON document.
  SERVICE_MALFORMED("X", "service-half-answer", 0, 3_000, Need.SERVICES),
  /// A service gives the answers of other calls.
  SERVICE_WRONG_ENTITY("X", "service-mix-up", 0, 3_000, Need.SERVICES),
  /// A service does what is asked, and its answer is lost.
  SERVICE_ANSWER_LOST("X", "service-lost-answer", 0, 3_000, Need.SERVICES),
  /// A service is there and gone by turns.
  SERVICE_FLAPPING("X", "service-flap", 0, 3_000, Need.SERVICES),
  /// A service is gone for long, and all who waited come at once.
  SERVICE_OUTAGE("X", "service-outage", 0, 7_500, Need.SERVICES);

  /// What a fault needs, and by what means it is done then.
  public enum Need {
    /// Nothing but the workers themselves.
    WORKERS("signals to the workers, their disks, and their group on Kafka"),
    /// The app's workers have failpoints.
    FAILPOINTS("failpoints of the workers, which answer over HTTP"),
    /// The app's workers show in `/verify` when they recover, so that a recovery can be hit.
    RECOVERIES_SHOWN("signals at a moment that the workers' /verify shows"),
    /// Brokers can be killed.
    BROKER_FAULTS("signals to brokers of our own"),
    /// Workers reach the brokers through links of ours.
    LINKS("a proxy on loopback behind listeners that our brokers advertise; no root needed"),
    /// Clients send AddOffsetsToTxn, as they do below transaction version 2.
    CLIENTS_ADD_OFFSETS("a proxy on loopback behind listeners that our brokers advertise"),
    /// A small file system can be mounted.
    SMALL_DISK("a tmpfs mounted over the worker's disk"),
    /// A small file system can be mounted, and brokers can be killed.
    SMALL_BROKER_DISK("a tmpfs mounted over the broker's disk"),
    /// The limits of a running process can be changed.
    PRLIMIT("prlimit on the running worker"),
    /// Workers are JVMs, which open a management agent when they are told to.
    JVM("the management agent of a worker's JVM"),
    /// Connections of others can be ended.
    SOCKETS("the kernel, which is told to end connections between workers"),
    /// Workers run with a library of ours before all others.
    PRELOAD("a library of ours, compiled here, that answers the worker in the kernel's place"),
    /// Brokers of our own run with it.
    BROKER_PRELOAD("the same library, before all others of a broker"),
    /// What an administrator, or any client, may do to topics.
    ADMIN("an admin client and a producer of our own"),
    /// Settings of topics, which a cluster that outlives us would keep if we died meanwhile.
    OUR_TOPICS("an admin client of our own, on brokers of our own"),
    /// The same, where there is somebody to choose from.
    SEVERAL_BROKERS("an admin client of our own"),
    /// Brokers reach each other through links of ours.
    BROKER_LINKS("a proxy on loopback between brokers, which have a listener for each of them"),
    /// The app's command can be told other settings.
    SETTINGS("other values for {commit-interval} and {standbys} in the app's command"),
    /// The app's command can be told another version.
    VERSIONS("another value for {version} in the app's command"),
    /// The app calls services that the run provides.
    SERVICES("a front before the service, which the app is told instead of its address");

    private final String means;

    Need(String means) {
      this.means = means;
    }

    /// Half a sentence for a page.
    public String means() {
      return means;
    }

    /// The mechanism of the operating system without which there is no such fault.
    public Mechanism mechanism() {
      return switch (this) {
        case SMALL_DISK, SMALL_BROKER_DISK -> Mechanism.TMPFS;
        case PRLIMIT -> Mechanism.PRLIMIT;
        case JVM -> Mechanism.ATTACH;
        case SOCKETS -> Mechanism.SOCKET_END;
        case PRELOAD, BROKER_PRELOAD -> Mechanism.PRELOAD;
        case WORKERS,
            FAILPOINTS,
            RECOVERIES_SHOWN,
            BROKER_FAULTS,
            LINKS,
            CLIENTS_ADD_OFFSETS,
            ADMIN,
            OUR_TOPICS,
            SEVERAL_BROKERS,
            BROKER_LINKS,
            SETTINGS,
            VERSIONS,
            SERVICES ->
            Mechanism.SIGNALS;
      };
    }

    /// What stands in the way whatever the machine can do, empty where nothing does.
    public Optional<String> impediment() {
      return this == CLIENTS_ADD_OFFSETS
          ? Optional.of("under transaction version 2 no client sends AddOffsetsToTxn")
          : Optional.empty();
    }

    /// Why it cannot be done here, half a sentence; empty where it can.
    public Optional<String> obstacle(Machine machine) {
      return impediment()
          .or(() ->
              switch (machine.finding(mechanism())) {
                case Finding.Works _ -> Optional.empty();
                case Finding.Missing(String why) ->
                    Optional.of("no " + mechanism().use() + ": " + why);
              });
    }
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

  /// Whether nobody can make progress while it lasts, so that no silence of that time is an app's.
  public boolean stopsEverybody() {
    return this == BROKER_OUTAGE
        || this == INSYNC_SHORTAGE
        || this == KILL_IN_OUTAGE
        || this == DELETED_INPUT;
  }

  public static Optional<FaultKind> ofWord(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
