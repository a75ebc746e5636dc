package dev.gretchen.chaos.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What other stream processors were broken by, in the order of how much each has found, and the
/// kinds that bring it about here. Each is a command, which gives the same faults at every call.
enum Scenario {
  LOST_PRODUCE(
      "The response to the n-th Produce of a commit is lost.", 30, 12, "lose-produce-response"),
  LOST_OFFSETS(
      "The response to its n-th TxnOffsetCommit is lost.", 30, 12, "lose-txnoffsetcommit-response"),
  LOST_END("The response to its n-th EndTxn is lost.", 30, 12, "lose-endtxn-response"),
  PAUSED_COMMIT(
      "A worker stands still between its changelog and its commit, past the transaction's time-out.",
      50,
      3,
      "commit-pause"),
  OUTAGE(
      "All brokers are away for 90 s, longer than clients wait: the commit under way must not be forgotten.",
      150,
      7,
      "broker-outage"),
  TWO_KILLS(
      "SIGKILL amid large transactions and a restart on the same disk, twice and more.",
      60,
      1,
      "kill-owner,kill-twice,crash-loop",
      "--rate 3000 --commit-interval 2s"),
  IN_RECOVERY(
      "A kill or a stop during a recovery, and a rebalance during one.",
      75,
      1,
      "kill-in-recovery,kill-in-paused-recovery,rebalance-in-recovery,kill-while-stopping"),
  ZOMBIE(
      "A worker stands still until it has lost everything, and goes on under load.",
      90,
      1,
      "evicting-pause,transaction-pause,paused-behind-cut"),
  STANDBY(
      "Death right behind a commit, a standby that takes over, and partitions that go to and fro.",
      100,
      1,
      "kill-after-sends,chase-owner,rebalance-in-promotion,scaling",
      "--standbys 1"),
  COORDINATORS(
      "The coordinators of group and transactions die or stand still around an EndTxn.",
      85,
      1,
      "kill-group-coordinator,kill-transaction-coordinator,broker-pause,lose-endtxn-response,late-endtxn"),
  EPOCHS(
      "More than an hour of a commit each 100 ms, with time-outs: a producer's epochs are used up.",
      4_200,
      1,
      "commit-pause,transaction-pause,lose-endtxn-response",
      "--rate 500 --commit-interval 100ms"),
  COMPACTION(
      "Segments as small as can be, of changelogs and of the group's offsets, compaction at once, retention ahead of the readers.",
      140,
      1,
      "compacted-changelogs,compacted-offsets,deleted-input"),
  LARGE_RECORDS(
      "Records nearly as large as brokers take, and such as no app expects.",
      30,
      1,
      "strange-input"),
  QUIET(
      "Partitions that have long been quiet, and then a kill.",
      60,
      1,
      "kill-owner,wipe-while-down",
      "--rate 3"),
  CLOCKS("The clock of a worker or a broker jumps.", 60, 1, "clock-jump,broker-clock-jump"),
  DISKS(
      "A disk is full, fails, or may only be read.",
      130,
      1,
      "full-disk,read-only-disk,failing-disk,full-log-dir"),
  VERSIONS(
      "Two versions and two settings of an app in one group.",
      80,
      1,
      "rolling-upgrade,rolling-reconfiguration");

  private final String sentence;
  private final Duration load;
  private final long seed;
  private final String faults;
  private final String options;

  Scenario(String sentence, int seconds, long seed, String faults) {
    this(sentence, seconds, seed, faults, "");
  }

  Scenario(String sentence, int seconds, long seed, String faults, String options) {
    this.sentence = sentence;
    this.load = Duration.ofSeconds(seconds);
    this.seed = seed;
    this.faults = faults;
    this.options = options;
  }

  String sentence() {
    return sentence;
  }

  Duration load() {
    return load;
  }

  long seed() {
    return seed;
  }

  Selection selection() {
    return Selection.parse(faults);
  }

  String command() {
    List<String> words = new ArrayList<>(List.of("./gretchen verify word-colors"));
    words.add("--faults " + faults);
    words.add("--for " + load.toSeconds() + "s");
    words.add("--seed " + seed);
    if (!options.isEmpty()) {
      words.add(options);
    }
    return String.join(" ", words);
  }
}
