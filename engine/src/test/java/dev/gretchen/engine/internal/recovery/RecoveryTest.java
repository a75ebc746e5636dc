package dev.gretchen.engine.internal.recovery;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {

  private static final TopicPartition INPUT = new TopicPartition("in", 0);
  private static final TopicPartition CHANGELOG = new TopicPartition("app-t-changelog", 0);
  private static final Uuid CHANGELOG_ID = new Uuid(5, 6);
  private static final Duration TOMBSTONES_KEPT = Duration.ofDays(1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final FakeSurroundings surroundings =
      new FakeSurroundings(new FakeClients().with(consumer));
  private final Facts facts = new Facts();
  private final TestApp app =
      new TestApp(surroundings).table(TableSpec.plain("t")).agent((_, _) -> {});
  private final List<Throwable> fatal = new ArrayList<>();
  private final List<Done> done = new ArrayList<>();
  private final Recovery recovery = recovery();
  private final StorePartition store = app.store().partition("t", 0);

  private record Done(Task task, Progress progress, RecoveryResult result) {
    long inputOffset() {
      return progress.offset();
    }
  }

  @BeforeEach
  void layOutTheLog() {
    consumer.updateBeginningOffsets(Map.of(CHANGELOG, 0L));
  }

  @Test
  void bringsAnEmptyStoreUpToTheEndOfTheLog() {
    facts.committed(40).log(0, 4);
    Task task = submitted();
    steps(1);
    changelog(put(0, "a", "1"), put(1, "b", "2"), put(2, "a", null), put(3, "c", "3"));
    steps(1);

    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.task).isSameAs(task);
          assertThat(one.inputOffset()).isEqualTo(40);
          assertThat(one.result.records()).isEqualTo(4);
          assertThat(one.result.from()).isZero();
          assertThat(one.result.to()).isEqualTo(4);
          assertThat(one.result.wiped()).isEqualTo("none");
        });
    assertThat(stored("a")).isEqualTo("null");
    assertThat(stored("b")).isEqualTo("2");
    assertThat(stored("c")).isEqualTo("3");
    assertThat(store.position())
        .isEqualTo(new Position(CHANGELOG_ID, 4, surroundings.clock().millis()));
  }

  @Test
  void readsOnlyTheTailBehindTheStoresOwnPosition() {
    hasStored(2, surroundings.clock().millis());
    facts.committed(40).log(0, 3);
    submitted();
    steps(1);
    assertThat(consumer.position(CHANGELOG)).isEqualTo(2);
    changelog(put(2, "b", "2"));
    steps(2);

    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.result.from()).isEqualTo(2);
          assertThat(one.result.records()).isEqualTo(1);
        });
    assertThat(stored("a")).isEqualTo("kept");
  }

  @Test
  void tellsHowFarItIs() {
    facts.committed(40).log(0, 4);
    Task task = submitted();
    steps(2);
    assertThat(recovery.underWay()).containsExactly(Map.entry(task.id(), new Recovery.Stage(4, 4)));
    changelog(put(0, "a", "1"), put(1, "b", "2"));
    steps(2);
    assertThat(recovery.underWay()).containsExactly(Map.entry(task.id(), new Recovery.Stage(4, 2)));
    changelog(put(2, "c", "3"), put(3, "d", "4"));
    steps(2);
    assertThat(done).hasSize(1);
    assertThat(recovery.underWay()).isEmpty();
  }

  @Test
  void isCompleteByPositionWhereControlRecordsStandAtTheEnd() {
    facts.committed(1).log(0, 3);
    submitted();
    steps(1);
    changelog(put(0, "a", "1"));
    steps(1);
    assertThat(done).as("the end is not reached").isEmpty();

    // a read-committed consumer steps over what is no record
    consumer.seek(CHANGELOG, 3);
    steps(2);
    assertThat(done).hasSize(1);
    assertThat(store.position().next()).as("last data record + 1").isEqualTo(1);
  }

  @Test
  void appliesNothingBeyondTheEndThatItAimsAt() {
    facts.committed(1).log(0, 1);
    submitted();
    steps(1);
    changelog(put(0, "a", "1"), put(1, "a", "of somebody else"));
    steps(2);

    assertThat(done).hasSize(1);
    assertThat(stored("a")).isEqualTo("1");
    assertThat(store.position().next()).isEqualTo(1);
  }

  @Test
  void keepsWhatItReadBeforeItWasCutOff() {
    facts.committed(40).log(0, 4);
    Task first = submitted();
    steps(1);
    changelog(put(0, "a", "1"), put(1, "b", "2"));
    steps(1);
    // killed, or lost and regained
    first.retire();
    steps(1);

    submitted();
    steps(1);
    assertThat(consumer.position(CHANGELOG)).isEqualTo(2);
    changelog(put(2, "c", "3"), put(3, "d", "4"));
    steps(1);

    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.result.wiped()).isEqualTo("none");
          assertThat(one.result.from()).isEqualTo(2);
        });
    assertThat(stored("a")).isEqualTo("1");
  }

  @Test
  void takesTheEndOnlyAfterTheStableOffset() {
    facts.pending().log(0, 0);
    submitted();
    steps(3);
    assertThat(done).as("a transaction is pending").isEmpty();
    assertThat(facts.asked).containsOnly("stable offsets");

    // the evicted worker's transaction ends: its record was below no end taken before
    facts.committed(7).log(0, 1);
    steps(1);
    changelog(put(0, "a", "1"));
    steps(2);

    assertThat(facts.asked)
        .endsWith("stable offsets", "ends", "starts", "topic ids", "stable offsets");
    assertThat(done).singleElement().extracting(Done::inputOffset).isEqualTo(7L);
    assertThat(stored("a")).isEqualTo("1");
  }

  /// This worker was evicted, and does not know it yet: its successor commits between the stable
  /// fetch and the end of the log. From 7, on tables that hold event 7 already, the handlers would
  /// apply it twice.
  @Test
  void beginsAgainWhereSomebodyElseHasCommittedMeanwhile() {
    facts.committed(7).log(0, 2);
    submitted();
    steps(1);
    facts.committed(8);
    changelog(put(0, "a", "7 events"), put(1, "a", "8 events"));
    steps(1);
    assertThat(done).as("the tables are ahead of the offset").isEmpty();

    facts.log(0, 3);
    steps(1);
    changelog(put(2, "b", "1"));
    steps(1);

    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.inputOffset()).isEqualTo(8);
          assertThat(one.result.records()).as("of both times").isEqualTo(3);
          assertThat(one.result.from()).isZero();
        });
    assertThat(stored("a")).isEqualTo("8 events");
    assertThat(stored("b")).isEqualTo("1");
  }

  @Test
  void beginsAgainWhereSomebodyElseHasMadeTheFirstCommit() {
    facts.none().log(0, 1);
    submitted();
    steps(1);
    facts.committed(8);
    changelog(put(0, "a", "8 events"));
    steps(2);

    assertThat(fatal).isEmpty();
    assertThat(done).singleElement().extracting(Done::inputOffset).isEqualTo(8L);
  }

  @Test
  void waitsForATransactionThatMayStillMoveTheOffset() {
    facts.committed(7).log(0, 1);
    submitted();
    steps(1);
    facts.pending();
    changelog(put(0, "a", "7 events"));
    steps(2);
    assertThat(done).isEmpty();

    // it was aborted
    facts.committed(7);
    steps(1);
    assertThat(done).singleElement().extracting(Done::inputOffset).isEqualTo(7L);
  }

  /// The partition is lost and regained while the recovery thread is busy: the consumer stands
  /// where the first recovery got to, whose writes the second one's claim had stopped.
  @Test
  void readsAgainWhatAnEarlierIncarnationReadAndCouldNotApply() {
    facts.committed(40).log(0, 6);
    Task first = submitted();
    steps(1);
    changelog(put(0, "a", "1"), put(1, "b", "2"));
    steps(1);
    assertThat(store.position().next()).isEqualTo(2);
    Task successor = app.task();
    consumer.schedulePollTask(() -> {
      // the polling thread, while the recovery thread sits in its poll
      first.retire();
      recovery.submit(successor);
      changelog(put(2, "c", "3"), put(3, "d", "4"));
    });
    steps(1);
    assertThat(store.position().next()).as("read under a claim that has passed on").isEqualTo(2);
    consumer.schedulePollTask(
        () -> changelog(put(2, "c", "3"), put(3, "d", "4"), put(4, "e", "5"), put(5, "f", "6")));
    steps(2);

    assertThat(done).singleElement().extracting(Done::task).isSameAs(successor);
    assertThat(
            List.of(stored("a"), stored("b"), stored("c"), stored("d"), stored("e"), stored("f")))
        .containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  void stopsTheWorkerWhereTheOffsetsAreGoneAndTheTablesAreNot() {
    facts.none().log(0, 2);
    Task task = submitted();
    steps(1);
    changelog(put(0, "a", "1"), put(1, "b", "2"));
    steps(2);

    assertThat(done).isEmpty();
    assertThat(fatal)
        .singleElement()
        .satisfies(
            failure -> assertThat(failure).hasMessageContaining("no committed offset for in-0"));
    assertThat(task.isVoid()).isTrue();
  }

  @Test
  void stopsTheWorkerWhereTheOffsetsAreGoneAndTheStoreHoldsWhatTheLogHeld() {
    hasStored(2, surroundings.clock().millis());
    facts.none().log(0, 2);
    submitted();
    steps(2);

    assertThat(done).isEmpty();
    assertThat(fatal).hasSize(1);
  }

  @Test
  void beginsAtTheBeginningWhereOnlyAbortedTransactionsWroteToTheChangelog() {
    // the first commit of a new app was cut off: its records are in the log, and count for nothing
    facts.none().log(0, 3);
    submitted();
    steps(1);
    consumer.seek(CHANGELOG, 3);
    steps(2);

    assertThat(fatal).isEmpty();
    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.inputOffset()).isEqualTo(facts.inputStart);
          assertThat(one.result.records()).isZero();
        });
    assertThat(store.position().next()).isZero();
  }

  @Test
  void stopsTheWorkerWhereEventsWereDeletedBeforeTheyWereHandled() {
    facts.committed(40).log(0, 0);
    facts.inputStart = 41;
    Task task = submitted();
    steps(2);

    assertThat(fatal)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("the log begins at 41"));
    assertThat(task.isVoid()).isTrue();
    assertThat(done).isEmpty();
  }

  @Test
  void throwsAStoreAwayOnlyWhereItCannotBeAPrefixOfTheLog() {
    long now = surroundings.clock().millis();
    long old = now - TOMBSTONES_KEPT.toMillis() - 1;
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 3, now), 0, 3)).isEqualTo("none");
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 0, now), 0, 0)).isEqualTo("none");
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 3, old + 1), 0, 3)).isEqualTo("none");
    assertThat(wipedAfter(new Position(new Uuid(9, 9), 3, now), 0, 3))
        .isEqualTo("changelog-was-recreated");
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 4, now), 0, 3))
        .isEqualTo("position-beyond-log-end");
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 3, old), 0, 3))
        .isEqualTo("older-than-tombstones-are-kept");
    assertThat(wipedAfter(new Position(CHANGELOG_ID, 3, now), 5, 5))
        .isEqualTo("position-before-log-start");
  }

  @Test
  void beginsAgainWhereTheLogMovedOnUnderIt() {
    hasStored(1, surroundings.clock().millis());
    facts.committed(40).log(0, 4);
    submitted();
    steps(1);
    facts.log(3, 4);
    consumer.updateBeginningOffsets(Map.of(CHANGELOG, 3L));
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(CHANGELOG, 1L)));
    steps(2);
    changelog(put(3, "d", "4"));
    steps(2);

    assertThat(done)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.result.wiped()).isEqualTo("position-before-log-start");
          assertThat(one.result.from()).isEqualTo(3);
        });
    assertThat(stored("a")).as("wiped").isEqualTo("null");
    assertThat(stored("d")).isEqualTo("4");
  }

  @Test
  void waitsForAClusterThatDoesNotAnswer() {
    facts.committed(40).log(0, 0);
    facts.silent = true;
    submitted();
    steps(3);
    assertThat(done).isEmpty();

    facts.silent = false;
    steps(1);
    assertThat(done).hasSize(1);
  }

  @Test
  void forgetsATaskThatEnded() {
    facts.committed(40).log(0, 4);
    Task task = submitted();
    steps(1);
    task.retire();
    steps(1);

    assertThat(consumer.assignment()).isEmpty();
    assertThat(done).isEmpty();
  }

  @Test
  void closesItsClientsAtItsEnd() {
    recovery.stop();

    assertThat(recovery.step()).isFalse();
    assertThat(consumer.closed()).isTrue();
    assertThat(facts.closed).isTrue();
  }

  /// A recovery is a fresh one each time, of a store that stands at a position.
  private static String wipedAfter(Position position, long start, long end) {
    RecoveryTest fresh = new RecoveryTest();
    fresh.layOutTheLog();
    fresh.store.claim(1);
    fresh.store.apply(1, List.of(new Change(key("a"), bytes("kept"))), position);
    fresh.facts.committed(40).log(start, end);
    fresh.consumer.updateBeginningOffsets(Map.of(CHANGELOG, start));
    fresh.recovery.submit(fresh.app.tokensAfter(1).task());
    fresh.steps(1);
    if (fresh.done.isEmpty()) {
      fresh.consumer.seek(CHANGELOG, end);
      fresh.steps(2);
    }
    String wiped = fresh.done.getFirst().result.wiped();
    assertThat(fresh.stored("a")).isEqualTo(wiped.equals("none") ? "kept" : "null");
    return wiped;
  }

  private Recovery recovery() {
    return new Recovery(
        app.topology(),
        surroundings,
        RecoverySettings.standard("w1", TOMBSTONES_KEPT),
        facts,
        new Failpoints("", surroundings.monitor(), _ -> {}),
        app.meters(),
        RecoveryEnd.standard(),
        (task, offset, result) -> done.add(new Done(task, offset, result)),
        fatal::add);
  }

  private Task submitted() {
    Task task = app.task();
    recovery.submit(task);
    return task;
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(recovery.step()).isTrue();
    }
  }

  private void hasStored(long next, long caughtUpAt) {
    store.claim(1);
    app.tokensAfter(1);
    store.apply(
        1,
        List.of(new Change(key("a"), bytes("kept"))),
        new Position(CHANGELOG_ID, next, caughtUpAt));
  }

  private String stored(String key) {
    return text(store.get(key(key).bytes()));
  }

  @SafeVarargs
  private void changelog(ConsumerRecord<byte[], byte[]>... records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      consumer.addRecord(record);
    }
  }

  @SuppressWarnings("NullAway") // a null value deletes
  private static ConsumerRecord<byte[], byte[]> put(
      long offset, String key, @Nullable String value) {
    return new ConsumerRecord<>(
        CHANGELOG.topic(),
        CHANGELOG.partition(),
        offset,
        key(key).bytes(),
        value == null ? null : bytes(value));
  }

  /// What the cluster says, as the test puts it; keeps in which order it was asked.
  private static final class Facts implements ClusterFacts {

    private final List<String> asked = new ArrayList<>();
    private final Map<TopicPartition, Optional<Long>> stable = new HashMap<>();
    private long inputStart = 1;
    private long start;
    private long end;
    private boolean silent;
    private boolean closed;

    Facts committed(long offset) {
      stable.put(INPUT, Optional.of(offset));
      return this;
    }

    Facts none() {
      stable.put(INPUT, Optional.empty());
      return this;
    }

    Facts pending() {
      stable.clear();
      return this;
    }

    Facts log(long from, long to) {
      start = from;
      end = to;
      return this;
    }

    @Override
    public Map<TopicPartition, Optional<Progress>> stableOffsets(Collection<TopicPartition> inputs)
        throws NotNow {
      asked.add("stable offsets");
      if (silent) {
        throw new NotNow("committed offsets", new IllegalStateException("no answer"));
      }
      Map<TopicPartition, Optional<Progress>> answer = new HashMap<>();
      stable.forEach((input, offset) -> answer.put(input, offset.map(Progress::at)));
      return answer;
    }

    @Override
    public Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) {
      asked.add("starts");
      Map<TopicPartition, Long> starts = new HashMap<>();
      partitions.forEach(
          partition -> starts.put(partition, partition.equals(INPUT) ? inputStart : start));
      return starts;
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
      asked.add("ends");
      Map<TopicPartition, Long> ends = new HashMap<>();
      partitions.forEach(partition -> ends.put(partition, end));
      return ends;
    }

    @Override
    public Map<String, Uuid> topicIds(Collection<String> names) {
      asked.add("topic ids");
      return Map.of(CHANGELOG.topic(), CHANGELOG_ID);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
