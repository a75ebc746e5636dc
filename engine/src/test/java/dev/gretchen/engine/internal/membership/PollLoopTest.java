package dev.gretchen.engine.internal.membership;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.commit.Committer;
import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.Poison;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.recovery.Recovery;
import dev.gretchen.engine.internal.recovery.RecoveryEnd;
import dev.gretchen.engine.internal.recovery.RecoveryResult;
import dev.gretchen.engine.internal.recovery.RecoverySettings;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.Mailbox;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PollLoopTest {

  private static final RecoveryResult NOTHING = new RecoveryResult(0, 0, 0, 0, 0, 0, "none");

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final MockProducer<byte[], byte[]> auditProducer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final FakeSurroundings surroundings =
      new FakeSurroundings(new FakeClients().with(auditProducer).with(new MockConsumer<>("none")));
  private final TestApp app =
      new TestApp(surroundings)
          .mailbox(new Mailbox.Bounds(4, 1_000), () -> roomAgain())
          .agent((event, effects) -> effects.send(OUTPUT, event.key(), event.value()));
  private final TaskTable tasks = new TaskTable();
  private final RecordingWriter writer = new RecordingWriter();
  private final Budget budget = new Budget(1 << 20, () -> {}, () -> {});
  private final Audit audit = new Audit(surroundings, "app-audit", "w1", "1");
  private final Committer committer =
      new Committer(
          writer,
          app.topology(),
          surroundings,
          surroundings.monitor(),
          app.meters(),
          budget,
          new Poison(),
          Duration.ofMillis(10),
          Duration.ofMillis(100),
          tasks::all,
          task -> startAnew(task),
          _ -> org.apache.kafka.common.Uuid.ZERO_UUID);
  private final RecordingEvents told = new RecordingEvents();
  private final PollLoop loop = loop();

  @Test
  void holdsAGainedPartitionUntilItIsRecoveredAndBeginsAtTheCommittedOffset() {
    gain(0);
    assertThat(consumer.paused()).containsExactly(input(0));
    Task task = task(0);
    assertThat(task.stage()).isEqualTo(Task.Stage.RECOVERING);

    loop.recovered(task, Progress.at(5), NOTHING);
    assertThat(loop.step()).as("woken, it goes on").isTrue();
    consumer.schedulePollTask(() -> consumer.addRecord(record(5)));
    loop.step();

    assertThat(consumer.paused()).isEmpty();
    assertThat(task.stage()).isEqualTo(Task.Stage.RUNNING);
    surroundings.runAll();
    assertThat(requireNonNull(task.seal()).nextOffset()).isEqualTo(6);
  }

  @Test
  void holdsAPartitionBackThatHasEnoughAndLetsItGoOn() {
    Task task = running(0);
    consumer.schedulePollTask(() -> {
      for (int offset = 0; offset < 4; offset++) {
        consumer.addRecord(record(offset));
      }
    });
    loop.step();
    loop.step();
    assertThat(consumer.paused()).containsExactly(input(0));

    surroundings.runAll();
    loop.step();
    assertThat(consumer.paused()).isEmpty();
    assertThat(task.buffered()).isZero();
  }

  @Test
  void endsThePollThatWaitsForNothingWhenAFullTaskHasRoomAgain() {
    Task task = running(0);
    consumer.schedulePollTask(() -> {
      for (int offset = 0; offset < 4; offset++) {
        consumer.addRecord(record(offset));
      }
    });
    loop.step();
    consumer.schedulePollTask(surroundings::runAll);

    loop.step();
    loop.step();

    assertThat(task.buffered()).isZero();
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void holdsAPartitionBackThatHasEnoughBytes() {
    running(0);
    consumer.schedulePollTask(() -> consumer.addRecord(TestApp.record(0, "k", "v".repeat(1_000))));
    loop.step();
    loop.step();
    assertThat(consumer.paused()).containsExactly(input(0));
  }

  @Test
  void tellsHowFarItsFetchesAreBehindTheLogsEnd() {
    running(0);
    consumer.updateEndOffsets(Map.of(input(0), 9L));
    surroundings.pass(Duration.ofSeconds(1));
    loop.step();
    assertThat(loop.lagRecords()).isEqualTo(9);

    loop.onPartitionsRevoked(List.of(input(0)));
    surroundings.pass(Duration.ofSeconds(1));
    loop.step();
    assertThat(loop.lagRecords()).isZero();
  }

  @Test
  void commitsWhatIsCompleteBeforeItGivesAPartitionUp() {
    Task task = running(0);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0)));
    loop.step();
    surroundings.runAll();
    surroundings.inNextWait(() -> committer.step());

    loop.onPartitionsRevoked(List.of(input(0)));

    assertThat(writer.epochs)
        .singleElement()
        .satisfies(epoch -> assertThat(epoch.offsets()).containsOnlyKeys(input(0)));
    assertThat(task.isVoid()).isTrue();
    assertThat(tasks.all()).isEmpty();
    assertThat(events()).containsExactly("assigned", "recovering", "running", "revoked");
  }

  @Test
  void commitsNothingOfAPartitionThatIsLost() {
    Task task = running(0);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0)));
    loop.step();
    surroundings.runAll();

    loop.onPartitionsLost(List.of(input(0)));
    committer.step();

    assertThat(writer.epochs).isEmpty();
    assertThat(task.isVoid()).isTrue();
    assertThat(loop.isMember()).isFalse();
  }

  @Test
  void saysThatItsMembersMayBeOutdatedWhenPartitionsGoInWhateverWay() {
    running(0);
    told.events.clear();

    loop.onPartitionsRevoked(List.of(input(0)));
    assertThat(told.events).containsExactly("members outdated");

    loop.onPartitionsAssigned(List.of(input(0)));
    told.events.clear();
    loop.onPartitionsLost(List.of(input(0)));
    assertThat(told.events).containsExactly("members outdated");
  }

  @Test
  void waitsForTheHandlersOfAllLeavingPartitionsTogetherAndNotForEach() {
    List<TopicPartition> leaving = new ArrayList<>();
    for (int partition = 0; partition < 8; partition++) {
      running(partition);
      task(partition).offer(List.of(record(0)), 1);
      leaving.add(input(partition));
    }
    // eight handlers that hang: activations that are never run
    assertThat(surroundings.waiting()).isEqualTo(8);
    long before = surroundings.nanoTime();

    loop.onPartitionsRevoked(leaving);

    assertThat(Duration.ofNanos(surroundings.nanoTime() - before))
        .as("well below max.poll.interval.ms")
        .isLessThanOrEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void startsATaskAnewWhoseEffectsWereDropped() {
    Task old = running(0);
    old.retire();
    loop.startAnew(old);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0)));
    loop.step();

    Task anew = task(0);
    assertThat(anew).isNotSameAs(old);
    assertThat(anew.token()).isGreaterThan(old.token());
    assertThat(anew.stage()).isEqualTo(Task.Stage.RECOVERING);
    assertThat(anew.buffered()).isZero();
    assertThat(consumer.paused()).containsExactly(input(0));
    assertThat(events())
        .containsExactly("assigned", "recovering", "running", "reset", "recovering");
  }

  @Test
  void ignoresARecoveryAndAResetOfAnIncarnationThatEnded() {
    Task old = running(0);
    loop.onPartitionsLost(List.of(input(0)));
    loop.onPartitionsAssigned(List.of(input(0)));
    Task now = task(0);

    loop.recovered(old, Progress.at(99), NOTHING);
    loop.startAnew(old);
    loop.step();

    assertThat(task(0)).isSameAs(now);
    assertThat(now.stage()).isEqualTo(Task.Stage.RECOVERING);
  }

  @Test
  void stopsWithAClearErrorWhereTheLogHasLostTheOffset() {
    running(0);
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(input(0), 3L)));

    assertThatThrownBy(loop::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lie outside the log");
  }

  @Test
  void leavesTheGroupWhenItStops() {
    running(0);
    loop.stop();
    while (loop.step()) {
      committer.step();
    }

    assertThat(consumer.closed()).isTrue();
    assertThat(loop.isMember()).isFalse();
  }

  /// A consumer that is closed in a rebalance calls its partitions lost: what is not committed by
  /// then would be done again elsewhere.
  @Test
  void goesOnPollingUntilWhatIsCompleteIsCommittedAndLeavesOnlyThen() {
    running(0);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0)));
    loop.step();
    surroundings.runAll();
    loop.stop();

    assertThat(loop.step()).as("its effects are to be committed").isTrue();
    assertThat(consumer.closed()).isFalse();
    assertThat(writer.epochs).isEmpty();

    committer.step();
    assertThat(loop.step()).isFalse();
    assertThat(writer.epochs).hasSize(1);
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void leavesAfterABoundWhatCannotBeCommitted() {
    running(0);
    consumer.schedulePollTask(() -> consumer.addRecord(record(0)));
    loop.step();
    surroundings.runAll();
    loop.stop();

    assertThat(loop.step()).as("its effects are to be committed").isTrue();
    surroundings.pass(Duration.ofSeconds(5));
    assertThat(loop.step()).isFalse();
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void joinsAgainAtOnceWhenItIsAskedTo() {
    gain(0);

    loop.rejoin(consumer.groupMetadata().generationId());
    assertThat(loop.step()).as("woken in the poll, it goes on").isTrue();

    assertThat(consumer.shouldRebalance()).isTrue();
    assertThat(told.events).containsExactly("assigned [" + input(0) + "]");
  }

  @Test
  void joinsAgainOnceInAGenerationHoweverManyAskForIt() {
    gain(0);
    loop.rejoin(consumer.groupMetadata().generationId());
    loop.step();
    assertThat(consumer.shouldRebalance()).isTrue();
    consumer.resetShouldRebalance();

    loop.rejoin(consumer.groupMetadata().generationId());
    loop.step();

    assertThat(consumer.shouldRebalance()).isFalse();
  }

  @Test
  void doesNotJoinOnceMoreForAMemberOfAnEarlierGeneration() {
    gain(0);

    loop.rejoin(consumer.groupMetadata().generationId() - 1);
    loop.step();

    assertThat(consumer.shouldRebalance()).isFalse();
  }

  @Test
  void saysThatItLeavesBeforeItDoesAndThatItHasLeftAfterwards() {
    running(0);
    loop.stop();
    while (loop.step()) {
      committer.step();
    }
    assertThat(told.events).endsWith("leaving, closed false", "left, closed true");
    assertThat(consumer.closed()).isTrue();
  }

  private final class RecordingEvents implements GroupEvents {
    private final List<String> events = new ArrayList<>();

    @Override
    public void polled() {
      // once a turn
    }

    @Override
    public void membersOutdated() {
      events.add("members outdated");
    }

    @Override
    public void assigned(int generation, Collection<TopicPartition> gained) {
      events.add("assigned " + gained);
    }

    @Override
    public void leaving() {
      events.add("leaving, closed " + consumer.closed());
    }

    @Override
    public void left() {
      events.add("left, closed " + consumer.closed());
    }
  }

  private PollLoop loop() {
    consumer.updateBeginningOffsets(Map.of(input(0), 0L));
    committer.step();
    return new PollLoop(
        surroundings,
        consumer,
        new MemberSettings(Map.of(), Duration.ofMillis(50), Duration.ofSeconds(4)),
        List.of(TestApp.INPUT),
        tasks,
        input -> app.task(input.partition()),
        committer,
        poll ->
            new Recovery(
                app.topology(),
                surroundings,
                RecoverySettings.standard("w1", Duration.ofDays(1)),
                new Failpoints("", surroundings.monitor(), _ -> {}),
                app.meters(),
                RecoveryEnd.standard(),
                poll::recovered,
                _ -> {}),
        audit,
        new Failpoints("", surroundings.monitor(), _ -> {}),
        told,
        () -> false);
  }

  private void roomAgain() {
    loop.roomAgain();
  }

  private void startAnew(Task task) {
    loop.startAnew(task);
  }

  /// The group gives this worker another partition.
  private void gain(int partition) {
    List<TopicPartition> all = new ArrayList<>(consumer.assignment());
    all.add(input(partition));
    if (consumer.subscription().isEmpty()) {
      loop.step();
    }
    consumer.updateBeginningOffsets(Map.of(input(partition), 0L));
    consumer.rebalance(all);
    if (tasks.get(new TaskId(TestApp.INPUT, partition)) == null) {
      loop.onPartitionsAssigned(List.of(input(partition)));
    }
  }

  private Task running(int partition) {
    gain(partition);
    Task task = task(partition);
    loop.recovered(task, Progress.at(0), NOTHING);
    loop.step();
    assertThat(task.stage()).isEqualTo(Task.Stage.RUNNING);
    return task;
  }

  private Task task(int partition) {
    return requireNonNull(tasks.get(new TaskId(TestApp.INPUT, partition)));
  }

  private List<String> events() {
    audit.step();
    return auditProducer.history().stream()
        .map(record -> TestApp.text(record.value()).replaceFirst(".*\"event\":\"(\\w+)\".*", "$1"))
        .toList();
  }

  private static TopicPartition input(int partition) {
    return new TopicPartition(TestApp.INPUT, partition);
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset) {
    return TestApp.record(offset, "k", "v");
  }

  private static final class RecordingWriter implements EpochWriter {

    private final List<Epoch> epochs = new ArrayList<>();

    @Override
    public void begin() {}

    @Override
    public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
      epochs.add(epoch);
      return new WriteOutcome.Committed(Map.of());
    }

    @Override
    public void close() {}
  }
}
