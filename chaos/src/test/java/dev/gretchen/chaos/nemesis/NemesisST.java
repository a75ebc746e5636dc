package dev.gretchen.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Step;
import dev.gretchen.chaos.plan.Trigger;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.proxy.Ways;
import dev.gretchen.chaos.worker.FakeWorker;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.UnexpectedExit;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.chaos.worker.Workers;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NemesisST {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeBrokers brokers = new FakeBrokers();
  private final FakeTopics topics = new FakeTopics();
  private final Recorder recorder = new Recorder();
  private BooleanSupplier loadEnded = () -> false;
  private final Processes processes;
  private final Workers workers;

  NemesisST(@TempDir Path folder) {
    processes = Processes.openTemporary(folder.resolve("scratch"));
    workers = workers(processes, folder);
  }

  private static @Nullable Preload preload(Processes processes) {
    try {
      return Preload.build(processes.scratch().resolve("preload"));
    } catch (EnvironmentFailure _) {
      return null; // no C compiler: what needs one is skipped
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void startWorkers() throws Exception {
    workers.startAll();
    assertThat(workers.awaitAllReady(LIMIT).values()).allMatch(Readiness::isReady);
  }

  @AfterEach
  void closeAll() {
    workers.close();
    processes.close();
  }

  @Test
  void provesEachFaultAndLeavesEverythingRunning() throws Exception {
    Plan plan =
        plan(
            step(FaultKind.KILL_OWNER, owner(), Map.of("down-ms", 10L)),
            step(FaultKind.KILL_TWICE, owner(), Map.of("gap-ms", 100L)),
            step(FaultKind.KILL_IN_RECOVERY, owner(), Map.of()),
            step(FaultKind.WIPE_WHILE_DOWN, owner(), Map.of()),
            step(FaultKind.GRACEFUL_STOP, new Target.AnyWorker(), Map.of("down-ms", 10L)),
            step(FaultKind.ROLLING_RESTART, new Target.EachWorker(), Map.of("workers", 2L)),
            step(FaultKind.KILL_AFTER_SENDS, owner(), Map.of("after", 1L)),
            step(FaultKind.KILL_IN_PAUSED_RECOVERY, owner(), Map.of("wipe", 1L)),
            step(FaultKind.ADD_WORKER, new Target.NewWorker(), Map.of()),
            step(FaultKind.REMOVE_WORKER, new Target.NewestWorker(), Map.of("down-ms", 10L)),
            step(FaultKind.KILL_BROKER, new Target.Broker(2), Map.of()));

    Nemesis nemesis = start(plan);
    assertThat(nemesis.await(LIMIT)).isTrue();

    assertThat(recorder.over).hasSize(plan.steps().size());
    assertThat(recorder.over).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(recorder.over.stream().mapToInt(FaultEntry::sigkills).sum())
        .isEqualTo(plan.sigkills());
    assertThat(entry(FaultKind.KILL_OWNER).target()).isEqualTo("owner of colors-3: w1");
    assertThat(entry(FaultKind.KILL_OWNER).proof()).matches("pid \\d+ gone, exit status 137");
    assertThat(entry(FaultKind.KILL_IN_RECOVERY).proof()).contains("1 table partitions recovering");
    assertThat(entry(FaultKind.WIPE_WHILE_DOWN).proof()).contains("state directory empty, 1 files");
    assertThat(entry(FaultKind.ROLLING_RESTART).turns())
        .extracting(FaultEntry.Turn::worker)
        .containsExactly("w1", "w2");
    assertThat(entry(FaultKind.KILL_AFTER_SENDS).proof())
        .contains("paused at commit.after-sends after 3 hits");
    assertThat(entry(FaultKind.KILL_IN_PAUSED_RECOVERY).proof())
        .contains("paused at recovery.midway");
    assertThat(entry(FaultKind.ADD_WORKER).worker()).isEqualTo("w3");
    assertThat(entry(FaultKind.KILL_BROKER).proof())
        .contains("broker 2 no longer in the cluster's node list");
    assertThat(recorder.proven).hasSize(plan.steps().size());
    assertThat(recorder.unexpected).isEmpty();
    assertThat(nemesis.unhealed()).isEmpty();
    assertThat(workers.running()).containsExactly("w1", "w2");
    assertThat(brokers.down).isEmpty();
  }

  @Test
  void provesEachFaultOfOwnershipAndLeavesEverythingRunning() throws Exception {
    Plan plan =
        plan(
            step(FaultKind.CRASH_LOOP, owner(), Map.of("gap-ms", 50L)),
            step(FaultKind.KILL_ALL, new Target.EachWorker(), Map.of("workers", 2L)),
            step(FaultKind.CHASE_OWNER, owner(), Map.of()),
            step(FaultKind.DOUBLE_START, owner(), Map.of()),
            step(FaultKind.SHORT_PAUSE, owner(), Map.of("pause-ms", 50L)),
            step(FaultKind.EVICTING_PAUSE, owner(), Map.of()),
            step(FaultKind.SCALING, new Target.EachWorker(), Map.of()),
            step(FaultKind.REBALANCE_IN_RECOVERY, owner(), Map.of()),
            step(FaultKind.REBALANCE_IN_PROMOTION, owner(), Map.of()),
            step(FaultKind.OLD_STATE, owner(), Map.of("gap-ms", 10L)),
            step(FaultKind.SWAPPED_STATE, owner(), Map.of()));

    Nemesis nemesis = start(plan);
    assertThat(nemesis.await(LIMIT)).isTrue();

    assertThat(recorder.over).hasSize(plan.steps().size());
    assertThat(recorder.over).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(recorder.over.stream().mapToInt(FaultEntry::sigkills).sum())
        .isEqualTo(plan.sigkills());
    assertThat(recorder.over)
        .filteredOn(fault -> !fault.kind().equals("scaling"))
        .allSatisfy(fault -> assertThat(fault.held()).containsExactly("colors-3"));
    assertThat(entry(FaultKind.CHASE_OWNER).proof()).contains("owned by w1, w2, w1 in turn");
    assertThat(entry(FaultKind.DOUBLE_START).proof())
        .contains("exit status 1", "another process has the lock", "the first one runs on");
    assertThat(entry(FaultKind.EVICTING_PAUSE).proof())
        .contains("SIGSTOP holds w1", "its 1 partitions with others", "as a zombie");
    assertThat(entry(FaultKind.SCALING).proof()).contains("w1 has all 1 partitions");
    assertThat(entry(FaultKind.REBALANCE_IN_RECOVERY).proof())
        .contains("w1 paused at recovery.midway", "w3 joined: ready");
    assertThat(entry(FaultKind.REBALANCE_IN_PROMOTION).proof())
        .contains("w2 paused at recovery.started", "w4 joined: ready");
    assertThat(entry(FaultKind.OLD_STATE).proof()).contains("1 files put back, 1 of them");
    assertThat(entry(FaultKind.SWAPPED_STATE).proof()).contains("w1 has 1 files, w2 has 1");
    assertThat(recorder.unexpected).isEmpty();
    assertThat(nemesis.unhealed()).isEmpty();
    assertThat(workers.running()).containsExactly("w1", "w2");
  }

  @Test
  void aPauseThatNobodyMindsIsNoEviction() throws Exception {
    Plan plan = plan(step(FaultKind.EVICTING_PAUSE, owner(), Map.of()));
    Nemesis nemesis = start(plan, new OneOwnsAll());
    await().atMost(LIMIT).until(() -> workers.isPaused("w1"));
    assertThat(nemesis.stop()).isTrue();
    assertThat(recorder.over.getFirst().proven()).isFalse();
    assertThat(workers.isPaused("w1")).isFalse();
    assertThat(nemesis.unhealed()).isEmpty();
  }

  @Test
  void provesEachFaultOfBrokersGroupsAndDisksAndLeavesEverythingRunning() throws Exception {
    Plan plan =
        plan(
            step(FaultKind.KILL_GROUP_COORDINATOR, new Target.GroupCoordinator(), Map.of()),
            step(
                FaultKind.KILL_TRANSACTION_COORDINATOR,
                new Target.TransactionCoordinator(),
                Map.of()),
            step(FaultKind.KILL_CONTROLLER, new Target.Controller(), Map.of()),
            step(FaultKind.BROKER_STOP, new Target.Broker(2), Map.of()),
            step(FaultKind.BROKER_PAUSE, new Target.Broker(3), Map.of("pause-ms", 10L)),
            step(FaultKind.INSYNC_SHORTAGE, new Target.EachBroker(), Map.of("hold-ms", 10L)),
            step(FaultKind.BROKER_OUTAGE, new Target.EachBroker(), Map.of("away-ms", 10L)),
            step(FaultKind.COMMIT_PAUSE, owner(), Map.of("after", 1L, "pause-ms", 20L)),
            step(
                FaultKind.EVICTION_STORM,
                new Target.EachWorker(),
                Map.of("times", 3L, "gap-ms", 1L)),
            step(FaultKind.HIJACKED_TRANSACTIONAL_ID, owner(), Map.of()),
            step(FaultKind.FLIPPED_BIT, owner(), Map.of("choice", 4711L)),
            step(FaultKind.TRUNCATED_FILE, owner(), Map.of("choice", 4711L)),
            step(FaultKind.TRANSACTION_PAUSE, owner(), Map.of("after", 1L)));

    Nemesis nemesis = start(plan);
    assertThat(nemesis.await(LIMIT)).isTrue();

    assertThat(recorder.over).hasSize(plan.steps().size());
    assertThat(recorder.over).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(recorder.over.stream().mapToInt(FaultEntry::sigkills).sum())
        .isEqualTo(plan.sigkills());
    assertThat(entry(FaultKind.KILL_GROUP_COORDINATOR).target()).isEqualTo("broker 2");
    assertThat(entry(FaultKind.KILL_GROUP_COORDINATOR).proof())
        .contains("it was the group coordinator");
    assertThat(entry(FaultKind.KILL_TRANSACTION_COORDINATOR).target()).isEqualTo("broker 3");
    assertThat(entry(FaultKind.BROKER_STOP).proof()).contains("gone with exit status 143");
    assertThat(entry(FaultKind.BROKER_PAUSE).proof()).contains("SIGSTOP holds broker 3");
    assertThat(entry(FaultKind.INSYNC_SHORTAGE).proof()).contains("2 brokers away for");
    assertThat(entry(FaultKind.BROKER_OUTAGE).proof()).contains("3 brokers away for");
    assertThat(entry(FaultKind.COMMIT_PAUSE).proof())
        .contains("paused at commit.after-sends after 3 hits", "went on after 20 ms");
    assertThat(entry(FaultKind.TRANSACTION_PAUSE).proof())
        .contains(
            "SIGSTOP holds w1, the transaction of app-w1 open",
            "ended by somebody else",
            "went on with it");
    assertThat(entry(FaultKind.EVICTION_STORM).proof()).contains("6 members removed");
    assertThat(entry(FaultKind.HIJACKED_TRANSACTIONAL_ID).proof())
        .contains("app-w1 taken with producer epoch 4", "began anew: epoch 5");
    assertThat(entry(FaultKind.FLIPPED_BIT).proof()).containsPattern("a bit flipped in byte \\d+");
    assertThat(entry(FaultKind.TRUNCATED_FILE).proof()).contains("store cut from");
    assertThat(brokers.down).isEmpty();
    assertThat(brokers.paused).isEmpty();
    assertThat(recorder.unexpected).isEmpty();
    assertThat(nemesis.unhealed()).isEmpty();
  }

  @Test
  void provesEachFaultOfTopicsUpgradesAndSeveralAtOnceAndLeavesEverythingRunning()
      throws Exception {
    Plan plan =
        plan(
            step(FaultKind.KILL_WHILE_STOPPING, owner(), Map.of("gap-ms", 5L)),
            step(FaultKind.STARVED_WORKER, owner(), Map.of("times", 3L, "run-ms", 5L)),
            step(FaultKind.LITTERED_DISK, owner(), Map.of()),
            step(FaultKind.GARBAGE_STORM, owner(), Map.of("hold-ms", 100L, "gap-ms", 5L)),
            step(FaultKind.LOST_FILES, owner(), Map.of("hold-ms", 10L)),
            step(FaultKind.DAMAGED_MANIFEST, owner(), Map.of("choice", 4711L)),
            step(
                FaultKind.LEADER_ELECTION,
                new Target.EachBroker(),
                Map.of("times", 2L, "gap-ms", 1L)),
            step(FaultKind.FULL_LOG_DIR, new Target.LeaderOf("colors", 3), Map.of()),
            step(FaultKind.ADDED_PARTITIONS, new Target.Input("words"), Map.of("partitions", 2L)),
            step(FaultKind.COMPACTED_CHANGELOGS, owner(), Map.of()),
            step(FaultKind.COMPACTED_OFFSETS, new Target.GroupCoordinator(), Map.of()),
            step(FaultKind.ABORTED_INPUT, new Target.Input("words"), Map.of("times", 3L)),
            step(FaultKind.STRANGE_INPUT, new Target.Input("words"), Map.of("times", 1L)),
            step(FaultKind.HANGING_TRANSACTION, owner(), Map.of("hold-ms", 10L)),
            step(FaultKind.ROLLING_RECONFIGURATION, new Target.EachWorker(), Map.of("workers", 2L)),
            step(FaultKind.ROLLING_UPGRADE, new Target.EachWorker(), Map.of("workers", 2L)),
            step(FaultKind.KILL_WITH_LEADER, owner(), Map.of()),
            step(FaultKind.KILL_IN_OUTAGE, owner(), Map.of("hold-ms", 10L)));

    Nemesis nemesis = start(plan);
    assertThat(nemesis.await(LIMIT.multipliedBy(2))).isTrue();

    assertThat(recorder.over).hasSize(plan.steps().size());
    assertThat(recorder.over).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(recorder.over.stream().mapToInt(FaultEntry::sigkills).sum())
        .isEqualTo(plan.sigkills());
    assertThat(entry(FaultKind.KILL_WHILE_STOPPING).proof())
        .contains("exit status 137", "ms after SIGTERM");
    assertThat(entry(FaultKind.STARVED_WORKER).proof())
        .containsPattern("stood still for \\d+ of \\d+ ms, in 3 slices");
    assertThat(entry(FaultKind.LITTERED_DISK).proof())
        .contains("3 files of nobody on the disk of w1");
    assertThat(entry(FaultKind.GARBAGE_STORM).proof())
        .containsPattern("w1 collected garbage [1-9]\\d* times in \\d+ ms");
    assertThat(entry(FaultKind.LOST_FILES).proof()).contains("4 files deleted under w1");
    assertThat(entry(FaultKind.FULL_LOG_DIR).proof())
        .contains("disk full after 4096 more bytes", "broker 1 gave up");
    assertThat(entry(FaultKind.COMPACTED_CHANGELOGS).proof()).contains("begins at 2, at 1 before");
    assertThat(entry(FaultKind.COMPACTED_OFFSETS).proof())
        .contains("1 logs begin later", "it was the group coordinator");
    assertThat(entry(FaultKind.HANGING_TRANSACTION).proof())
        .contains("open on [colors-3, app-table-3]", "aborted after 10 ms");
    assertThat(entry(FaultKind.ROLLING_UPGRADE).proof()).contains("w2 started with");
    assertThat(entry(FaultKind.KILL_WITH_LEADER).proof()).contains("broker 1, which led it");
    assertThat(entry(FaultKind.KILL_IN_OUTAGE).proof()).contains("SIGSTOP holds the brokers");
    assertThat(workers.settings("w1")).containsEntry("version", "2").containsEntry("standbys", "0");
    assertThat(topics.inForce).isZero();
    assertThat(topics.read).as("read before it was compacted").isTrue();
    assertThat(brokers.down).isEmpty();
    assertThat(brokers.paused).isEmpty();
    assertThat(brokers.small).isEmpty();
    assertThat(recorder.unexpected).isEmpty();
    assertThat(nemesis.unhealed()).isEmpty();
    assertThat(workers.running()).containsExactly("w1", "w2");
  }

  @Test
  void whatWasDeletedUnreadIsLostOnlyWhereAWorkerSaysSo() throws Exception {
    topics.committed = 1;
    Nemesis nemesis =
        start(plan(step(FaultKind.DELETED_INPUT, new Target.OwnerOf("app-table", 3), Map.of())));
    await().atMost(LIMIT).until(() -> topics.deleted == 4);
    await().atMost(LIMIT).until(() -> workers.isReady("w2"));
    die("w2", "events of app-table-3 were deleted");
    assertThat(nemesis.await(LIMIT)).isTrue();
    FaultEntry entry = entry(FaultKind.DELETED_INPUT);
    isProvenAndHealed(entry);
    assertThat(entry.lost()).containsExactly("app-table-3@1-4");
    assertThat(entry.proof()).contains("w2 refused to go on without them, exit status 42");
    assertThat(topics.committed).as("set by hand").isEqualTo(4);
    assertThat(recorder.excused).hasSize(1);
    assertThat(workers.running()).containsExactly("w1", "w2");
  }

  /// Whoever was added would go on in the place of those that a fault takes all away.
  @Test
  void whoWasAddedLeavesBeforeAFaultThatMeansAll() throws Exception {
    Step newest = step(FaultKind.SHORT_PAUSE, new Target.NewestWorker(), Map.of("pause-ms", 10L));
    Nemesis nemesis =
        start(
            plan(
                step(FaultKind.ADD_WORKER, new Target.NewWorker(), Map.of()),
                newest,
                step(FaultKind.KILL_ALL, new Target.EachWorker(), Map.of("workers", 2L)),
                newest));
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.over).hasSize(4).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(recorder.over)
        .filteredOn(fault -> fault.kind().equals("short-pause"))
        .extracting(FaultEntry::worker)
        .containsExactly("w3", "w2");
    assertThat(recorder.unexpected).isEmpty();
  }

  @Test
  void anUpgradeIsTakenBackTheNextTime() throws Exception {
    Step upgrade = step(FaultKind.ROLLING_UPGRADE, new Target.EachWorker(), Map.of("workers", 1L));
    Nemesis nemesis = start(plan(upgrade, upgrade));
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.over).hasSize(2).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(entry(FaultKind.ROLLING_UPGRADE).proof()).contains("started with {version=2}");
    assertThat(workers.settings("w1")).isEmpty();
  }

  @Test
  void deniesAWorkerFilesItsDiskAndTheTime(@TempDir Path scratch) throws Exception {
    Machine machine = Machine.probe(scratch.resolve("probe"));
    assumeTrue(machine.finding(Mechanism.PRLIMIT).works(), "this machine has no prlimit");
    assumeTrue(machine.finding(Mechanism.PRELOAD).works(), "this machine has no C compiler");
    Nemesis nemesis =
        start(
            plan(
                step(FaultKind.FEW_FILES, owner(), Map.of("hold-ms", 10L)),
                step(FaultKind.LITTLE_MEMORY, owner(), Map.of("hold-ms", 10L)),
                step(FaultKind.FAILING_DISK, owner(), Map.of("hold-ms", 200L)),
                step(FaultKind.READ_ONLY_DISK, owner(), Map.of("hold-ms", 1_500L)),
                step(FaultKind.SLOW_DISK, owner(), Map.of("delay-ms", 20L)),
                step(
                    FaultKind.CLOCK_JUMP,
                    owner(),
                    Map.of("ahead-ms", -7_200_000L, "hold-ms", 200L))));
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.over).hasSize(6).allSatisfy(NemesisST::isProvenAndHealed);
    assertThat(entry(FaultKind.FEW_FILES).proof()).contains("FILES: 8 of w1 at the most");
    assertThat(entry(FaultKind.FAILING_DISK).proof())
        .containsPattern("\\d+ writes of w1 failed, its disk was FAILING")
        .contains("w1 runs on");
    assertThat(entry(FaultKind.READ_ONLY_DISK).proof())
        .contains("its disk was READ_ONLY", "gave up with exit status 1");
    assertThat(entry(FaultKind.SLOW_DISK).proof())
        .contains("state directory empty", "on a slow disk: ready")
        .containsPattern("[1-9]\\d* writes took 20 ms more");
    assertThat(entry(FaultKind.CLOCK_JUMP).proof())
        .containsPattern("w1 was told \\d+ times that it is 7200000 ms earlier");
    assertThat(entry(FaultKind.CLOCK_JUMP).clockAheadMillis()).isEqualTo(-7_200_000);
    // one that gives up without memory may do so
    assertThat(recorder.excused).containsAll(recorder.unexpected);
  }

  @Test
  void workersThatAreConnectedAreKeptApart(@TempDir Path scratch) throws Exception {
    assumeTrue(
        Machine.probe(scratch.resolve("probe")).finding(Mechanism.SOCKET_END).works(),
        "this machine lets nobody end a connection");
    int port = workers.incarnation("w1").orElseThrow().endpoint().getPort();
    ask("w2", "/connect?" + port);
    Nemesis nemesis =
        start(
            plan(
                step(FaultKind.WORKERS_APART, new Target.EachWorker(), Map.of("hold-ms", 200L)),
                step(FaultKind.WORKERS_APART, new Target.EachWorker(), Map.of("hold-ms", 200L))));
    assertThat(nemesis.await(LIMIT)).isTrue();
    isProvenAndHealed(recorder.over.getFirst());
    assertThat(recorder.over.getFirst().proof()).isEqualTo("1 connections between workers reset");
    assertThat(recorder.over.getLast().proven()).as("nothing connects them any more").isFalse();
    assertThat(recorder.unexpected).isEmpty();
  }

  @Test
  void fillsADiskAndMakesRoomAgain(@TempDir Path scratch) throws Exception {
    assumeTrue(
        Machine.probe(scratch.resolve("probe")).finding(Mechanism.TMPFS).works(),
        "this machine lets nobody mount");
    Nemesis nemesis = start(plan(step(FaultKind.FULL_DISK, owner(), Map.of("hold-ms", 10L))));
    assertThat(nemesis.await(LIMIT)).isTrue();
    isProvenAndHealed(entry(FaultKind.FULL_DISK));
    assertThat(entry(FaultKind.FULL_DISK).proof())
        .containsPattern("disk full after \\d{7,} more bytes")
        .contains("w1 runs on");
    assertThat(entry(FaultKind.FULL_DISK).sigkills()).isEqualTo(2);
    assertThat(workers.isDiskSmall("w1")).isFalse();
    assertThat(nemesis.unhealed()).isEmpty();
  }

  @Test
  void saysWhyAFaultCouldNotBeAppliedAndGoesOn() throws Exception {
    Plan plan =
        plan(
            step(FaultKind.KILL_BROKER, new Target.Broker(9), Map.of()),
            step(FaultKind.GRACEFUL_STOP, new Target.AnyWorker(), Map.of("down-ms", 10L)));
    Nemesis nemesis = start(plan);
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.over.getFirst().proven()).isFalse();
    assertThat(recorder.over.getFirst().proof()).contains("no such broker");
    isProvenAndHealed(recorder.over.getLast());
  }

  /// Faults that take longer than planned leave less time, and no fault without effect.
  @Test
  void aStepForWhichTheLoadHasNoTimeLeftIsSkipped() throws Exception {
    loadEnded = () -> !recorder.over.isEmpty();
    Step pause = step(FaultKind.SHORT_PAUSE, new Target.AnyWorker(), Map.of("pause-ms", 10L));
    Nemesis nemesis = start(plan(pause, step(FaultKind.KILL_OWNER, owner(), Map.of())));
    assertThat(nemesis.await(LIMIT)).isTrue();
    isProvenAndHealed(recorder.over.getFirst());
    assertThat(recorder.over).hasSize(1);
    assertThat(recorder.skipped).containsExactly(Skipped.late(FaultKind.KILL_OWNER));
  }

  /// One of which no fault was injected proves nothing.
  @Test
  void aLoadThatEndsBeforeTheFirstFaultLeavesItWithoutEffect() throws Exception {
    loadEnded = () -> true;
    Nemesis nemesis = start(plan(step(FaultKind.KILL_OWNER, owner(), Map.of())));
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.over).hasSize(1).noneMatch(FaultEntry::proven);
    assertThat(recorder.skipped).isEmpty();
  }

  @Test
  void healsWhatItBrokeWhenItIsStopped() throws Exception {
    brokers.noticing = false;
    Plan plan =
        plan(
            step(FaultKind.KILL_BROKER, new Target.Broker(1), Map.of()),
            step(FaultKind.KILL_OWNER, owner(), Map.of("down-ms", 10L)));
    Nemesis nemesis = start(plan);
    await().atMost(LIMIT).until(() -> brokers.down.contains(1));
    assertThat(nemesis.stop()).isTrue();
    assertThat(brokers.down).isEmpty();
    assertThat(recorder.over).hasSize(2).noneMatch(FaultEntry::proven);
    assertThat(recorder.over).allMatch(entry -> entry.proof().contains("campaign was stopped"));
    assertThat(nemesis.unhealed()).isEmpty();
  }

  @Test
  void reportsAndRevivesAWorkerThatDiedByItself() throws Exception {
    die("w2");
    await().atMost(LIMIT).until(() -> !workers.isRunning("w2"));
    Nemesis nemesis = start(plan());
    assertThat(nemesis.await(LIMIT)).isTrue();
    assertThat(recorder.unexpected).hasSize(1);
    UnexpectedExit exit = recorder.unexpected.getFirst();
    assertThat(exit.incarnation().worker()).isEqualTo("w2");
    assertThat(exit.exitStatus()).isEqualTo(42);
    assertThat(workers.running()).containsExactly("w1", "w2");
  }

  @Test
  void saysWhenAWorkerDiedByItselfAndNotWhenSomebodyLooked() throws Exception {
    for (String worker : List.of("w2", "w1")) {
      die(worker);
      await().atMost(LIMIT).until(() -> !workers.isRunning(worker));
    }
    // looked at in the order of names
    assertThat(workers.unexpectedExits())
        .extracting(exit -> exit.incarnation().worker())
        .containsExactly("w1", "w2");
    assertThat(workers.unexpectedExits())
        .isSortedAccordingTo(Comparator.comparing(UnexpectedExit::at).reversed());
  }

  private void die(String worker) throws InterruptedException {
    die(worker, "nothing to say");
  }

  private void die(String worker, String lastWords) throws InterruptedException {
    try {
      ask(worker, "/die?" + lastWords.replace(' ', '+'));
    } catch (IOException _) {
      // it died before it could answer
    }
  }

  private void ask(String worker, String path) throws IOException, InterruptedException {
    var endpoint = workers.incarnation(worker).orElseThrow().endpoint();
    try (HttpClient client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(endpoint.resolve(path)).build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  private static void isProvenAndHealed(FaultEntry entry) {
    assertThat(entry.proven()).as(entry.toString()).isTrue();
    assertThat(entry.healedAt()).as(entry.toString()).isGreaterThanOrEqualTo(entry.at());
  }

  private FaultEntry entry(FaultKind kind) {
    return recorder.over.stream()
        .filter(entry -> entry.kind().equals(kind.word()))
        .findFirst()
        .orElseThrow();
  }

  private Nemesis start(Plan plan) {
    return start(plan, new FirstAtWork(workers));
  }

  private Nemesis start(Plan plan, Roles roles) {
    Field field =
        new Field(
            workers,
            new BrokerFaults.Supported(brokers),
            Ways.none("there are no links here"),
            new Access(roles, new Meddler(), topics, (_, _) -> topics.read = true),
            List.of());
    return Nemesis.start(plan, field, new Load(loadEnded), recorder, InstantSource.system());
  }

  private static Workers workers(Processes processes, Path logs) {
    WorkerCommand command =
        new WorkerCommand(
            List.of(
                "{java}",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                "{class-path}",
                FakeWorker.class.getName(),
                "{state-dir}",
                "{http-port}"),
            Map.of(
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "class-path", System.getProperty("java.class.path")),
            Map.of());
    return Workers.of(processes, command, 2, logs, InstantSource.system(), preload(processes));
  }

  private static Target owner() {
    return new Target.OwnerOf("colors", 3);
  }

  private static Step step(FaultKind kind, Target target, Map<String, Long> parameters) {
    return new Step(1, kind, target, new Trigger.AfterHealed(Duration.ZERO), parameters);
  }

  private static Plan plan(Step... steps) {
    return new Plan(7, Duration.ofSeconds(60), List.of(steps), List.of());
  }

  private static final class Load implements Progress {
    private final Instant startedAt = Instant.now();
    private final BooleanSupplier ended;

    Load(BooleanSupplier ended) {
      this.ended = ended;
    }

    @Override
    public Optional<Instant> startedAt() {
      return Optional.of(startedAt);
    }

    @Override
    public long acknowledged() {
      return 100;
    }

    @Override
    public long planned() {
      return 100;
    }

    @Override
    public boolean isFinished() {
      return ended.getAsBoolean();
    }
  }

  /// The group as it would be, had it noticed everything at once.
  private record FirstAtWork(Workers workers) implements Roles {
    @Override
    public Map<String, String> owners() {
      return workers.running().stream()
          .filter(worker -> !workers.isPaused(worker))
          .findFirst()
          .map(worker -> Map.of("colors-3", worker))
          .orElse(Map.of());
    }

    @Override
    public OptionalInt leaderOf(String topic, int partition) {
      return OptionalInt.of(1);
    }

    @Override
    public OptionalInt groupCoordinator() {
      return OptionalInt.of(2);
    }

    @Override
    public OptionalInt transactionCoordinator() {
      return OptionalInt.of(3);
    }

    @Override
    public OptionalInt controller() {
      return OptionalInt.of(1);
    }
  }

  /// An intruder whose victim begins anew at once.
  private static final class Meddler implements Intruder {
    private int epoch = 3;

    @Override
    public Optional<String> openTransaction(String worker) {
      return Optional.of("app-" + worker);
    }

    @Override
    public int evictMembers() {
      return 2;
    }

    @Override
    public Optional<Hijack> hijack(String worker) {
      return Optional.of(new Hijack("app-" + worker, ++epoch));
    }

    @Override
    public int producerEpoch(String transactionalId) {
      return ++epoch;
    }
  }

  /// A group that notices nothing.
  private static final class OneOwnsAll implements Roles {
    @Override
    public Map<String, String> owners() {
      return Map.of("colors-3", "w1");
    }

    @Override
    public OptionalInt leaderOf(String topic, int partition) {
      return OptionalInt.of(1);
    }
  }

  /// Topics that do at once what they are told.
  private static final class FakeTopics implements Operator {
    private int inForce;
    private boolean read;
    private long first;
    private long committed = 1;
    private volatile long deleted;

    @Override
    public String input() {
      return "words";
    }

    @Override
    public List<String> changelogs() {
      return List.of("app-table");
    }

    @Override
    public int moveLeaders() {
      return 5;
    }

    @Override
    public Tuned tune(Collection<String> names, Map<String, String> configs) {
      inForce++;
      return () -> inForce--;
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<String> names) {
      return Map.of(new TopicPartition("app-table", 3), 7L);
    }

    @Override
    public Optional<Committed> committed(TopicPartition partition) {
      return Optional.of(new Committed(committed, false));
    }

    @Override
    public void setCommitted(TopicPartition partition, long offset) {
      committed = offset;
    }

    @Override
    public void deleteBefore(TopicPartition partition, long offset) {
      deleted = offset;
    }

    @Override
    public Map<TopicPartition, Long> firstRecords(Collection<String> names) {
      return Map.of(new TopicPartition("app-table", 3), ++first);
    }

    @Override
    public int addPartitions(String topic, int more) {
      return more;
    }

    @Override
    public boolean awaitInSync(Duration timeout) {
      return true;
    }

    @Override
    public int writeAndAbort(String topic, int transactions) {
      return 8 * transactions;
    }

    @Override
    public Hanging hang(Collection<TopicPartition> partitions) {
      inForce++;
      return () -> inForce--;
    }

    @Override
    public int writeStrange(String topic, int rounds) {
      return 8 * rounds;
    }
  }

  private static final class Recorder implements Journal {
    private final List<FaultEntry> proven = Collections.synchronizedList(new ArrayList<>());
    private final List<Skipped> skipped = Collections.synchronizedList(new ArrayList<>());
    private final List<FaultEntry> over = Collections.synchronizedList(new ArrayList<>());
    private final List<UnexpectedExit> unexpected = Collections.synchronizedList(new ArrayList<>());
    private final List<UnexpectedExit> excused = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void begun(FaultEntry entry) {}

    @Override
    public void proven(FaultEntry entry) {
      proven.add(entry);
    }

    @Override
    public void over(FaultEntry entry) {
      over.add(entry);
    }

    @Override
    public void skipped(Skipped step) {
      skipped.add(step);
    }

    @Override
    public void unexpectedExit(UnexpectedExit exit) {
      unexpected.add(exit);
    }

    @Override
    public void excused(UnexpectedExit exit) {
      excused.add(exit);
    }
  }

  private static final class FakeBrokers implements BrokerControl {
    private final Set<Integer> paused = Collections.synchronizedSet(new TreeSet<>());
    private final Set<Integer> down = Collections.synchronizedSet(new TreeSet<>());
    private final Set<Integer> small = Collections.synchronizedSet(new TreeSet<>());
    private volatile boolean noticing = true;

    @Override
    public Set<Integer> ids() {
      return Set.of(1, 2, 3);
    }

    @Override
    public long kill(int id) {
      if (!ids().contains(id)) {
        throw new IllegalArgumentException("no such broker");
      }
      down.add(id);
      return 4711;
    }

    @Override
    public OptionalInt stopGracefully(int id, Duration timeout) {
      down.add(id);
      return OptionalInt.of(143);
    }

    @Override
    public boolean pause(int id) {
      return paused.add(id);
    }

    @Override
    public void resume(int id) {
      paused.remove(id);
    }

    @Override
    public void restart(int id) {
      down.remove(id);
    }

    @Override
    public boolean isAlive(int id) {
      return !down.contains(id);
    }

    @Override
    public void shrinkDisk(int id, long free) {
      small.add(id);
    }

    @Override
    public long fillDisk(int id) {
      down.add(id);
      return 4096;
    }

    @Override
    public Optional<Preload> preload() {
      return Optional.empty();
    }

    @Override
    public boolean isDiskSmall(int id) {
      return small.contains(id);
    }

    @Override
    public void restoreDisk(int id) {
      small.remove(id);
    }

    @Override
    public Set<Integer> registered(Duration timeout) {
      Set<Integer> ids = new TreeSet<>(ids());
      if (noticing) {
        ids.removeAll(down);
        ids.removeAll(paused);
      }
      return ids;
    }
  }
}
