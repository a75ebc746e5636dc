package dev.gretchen.engine.internal.commit;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Lineage;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionalWriterTest {

  private static final ConsumerGroupMetadata MEMBER = TestApp.member(7);
  private static final TopicPartition INPUT = new TopicPartition("in", 0);

  private final List<String> calls = new ArrayList<>();
  private final RecordingProducer producer = new RecordingProducer("", calls);
  private final RecordingProducer outside = new RecordingProducer("outside ", calls);
  private final FakeClients clients = new FakeClients().with(producer);
  private final FakeSurroundings surroundings = new FakeSurroundings(clients);
  private final TestApp app =
      new TestApp(surroundings)
          .table(TableSpec.plain("t"))
          .agent((event, effects) -> {
            effects.send(OUTPUT, event.key(), event.value());
            effects.table("t").write(key(text(event.key())), event.value(), Codecs.bytes());
          });

  private final TestApp publishing =
      new TestApp(surroundings)
          .table(TableSpec.plain("p").publishedTo("changes"))
          .agent((event, effects) ->
              effects.table("p").write(key(text(event.key())), event.value(), Codecs.bytes()));

  @Test
  void sendsEverythingThenFlushesThenTheOffsetsThenTheEnd() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);

    WriteOutcome outcome = writer.write(epoch(record(0, "a", "1"), record(1, "a", "2")), MEMBER);

    assertThat(outcome)
        .isEqualTo(
            new WriteOutcome.Committed(
                Map.of(
                    new TopicPartition(OUTPUT, 0), 2L,
                    new TopicPartition("app-t-changelog", 0), 1L)));
    assertThat(calls)
        .containsExactly(
            "init",
            "begin",
            "send out 1",
            "send out 2",
            "send app-t-changelog 2",
            "flush",
            "offsets {in-0=2/v1,1} generation 7",
            "commit");
    ProducerRecord<byte[], byte[]> changelog = producer.history().getLast();
    assertThat(text(changelog.headers().lastHeader(Lineage.HEADER).value()))
        .isEqualTo("v1,in,0,0,1,w1,7,1");
    assertThat(changelog.partition()).isZero();
    assertThat(text(producer.history().getFirst().headers().lastHeader(Lineage.HEADER).value()))
        .isEqualTo("v1,in,0,0,0,w1,7,1");
  }

  @Test
  void publishesEachKeysLastValueBesideTheChangelog() {
    TransactionalWriter writer = writer(publishing, Guarantee.EXACTLY_ONCE);
    RecordHeaders id = new RecordHeaders();
    id.add("event-id", new byte[] {0, 0, 0, 0, 0, 0, 0, 9});
    id.add("other", new byte[0]);

    writer.write(
        epoch(
            publishing,
            List.of(
                record(0, "a", "1"),
                record(1, "b", "2"),
                TestApp.record(0, 2, 77, "a", "3", id),
                record(3, 3, "b", null))),
        MEMBER);

    assertThat(calls)
        .containsExactly(
            "init",
            "begin",
            "send changes 3",
            "send changes null",
            "send app-p-changelog 3",
            "send app-p-changelog null",
            "flush",
            "offsets {in-0=4/v1,1} generation 7",
            "commit");
    ProducerRecord<byte[], byte[]> change = producer.history().getFirst();
    assertThat(text(change.key())).as("without the changelog's tag").isEqualTo("a");
    assertThat(change.timestamp()).isEqualTo(77);
    assertThat(change.headers())
        .extracting(header -> header.key())
        .containsExactly("event-id", Lineage.HEADER);
    assertThat(change.headers().lastHeader("event-id").value()).endsWith(9);
    assertThat(text(change.headers().lastHeader(Lineage.HEADER).value()))
        .isEqualTo("v1,in,0,0,2,w1,7,1");
  }

  @Test
  void publishesOutsideWhereOutputsMayRepeat() {
    clients.with(outside);
    TransactionalWriter writer = writer(publishing, Guarantee.AT_LEAST_ONCE);

    writer.write(epoch(publishing, List.of(record(0, "a", "1"))), MEMBER);

    assertThat(calls)
        .containsExactly(
            "init",
            "outside send changes 1",
            "outside flush",
            "begin",
            "send app-p-changelog 1",
            "flush",
            "offsets {in-0=1/v1,1} generation 7",
            "commit");
  }

  @Test
  void commitsOffsetsOfEventsWithoutEffects() {
    TestApp silent = new TestApp(surroundings).agent((_, _) -> {});
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);

    writer.write(epoch(silent, List.of(record(0, "a", "1"))), MEMBER);

    assertThat(calls)
        .containsExactly("init", "begin", "flush", "offsets {in-0=1/v1,1} generation 7", "commit");
  }

  @Test
  void givesARecordNoTimestampWhereItsEventHasNone() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);

    WriteOutcome outcome = writer.write(epoch(record(0, -1, "a", "1")), MEMBER);

    assertThat(outcome).isInstanceOf(WriteOutcome.Committed.class);
    assertThat(producer.history().getFirst().timestamp()).isNull();
  }

  @Test
  void sendsOutputsOutsideAndBeforeTheTransactionWhereTheyMayRepeat() {
    clients.with(outside);
    TransactionalWriter writer = writer(Guarantee.AT_LEAST_ONCE);

    writer.write(epoch(record(0, "a", "1")), MEMBER);

    assertThat(calls)
        .containsExactly(
            "init",
            "outside send out 1",
            "outside flush",
            "begin",
            "send app-t-changelog 1",
            "flush",
            "offsets {in-0=1/v1,1} generation 7",
            "commit");
    assertThat(clients.asked().get(1)).doesNotContainKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
    assertThat(clients.asked().get(0))
        .containsEntry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "app-w1");
  }

  @Test
  void doesNotRepeatOutputsOutsideBecauseTheGroupHasMovedOn() {
    clients.with(outside);
    TransactionalWriter writer = writer(Guarantee.AT_LEAST_ONCE);
    producer.sendOffsetsToTransactionException = new CommitFailedException("illegal generation");
    Epoch epoch = epoch(record(0, "a", "1"));
    assertThat(writer.write(epoch, MEMBER)).isInstanceOf(WriteOutcome.Refused.class);
    producer.sendOffsetsToTransactionException = null;

    assertThat(writer.write(epoch, MEMBER)).isInstanceOf(WriteOutcome.Committed.class);
    writer.write(epoch(record(1, "a", "2")), MEMBER);

    assertThat(calls.stream().filter(call -> call.startsWith("outside send")))
        .containsExactly("outside send out 1", "outside send out 2");
  }

  @Test
  void opensNoTransactionWhereAnOutputOutsideFails() {
    clients.with(outside);
    TransactionalWriter writer = writer(Guarantee.AT_LEAST_ONCE);
    outside.failing = (_, _) -> new RecordTooLargeException("large");

    WriteOutcome outcome = writer.write(epoch(record(0, "a", "1")), MEMBER);

    assertThat(outcome).isInstanceOf(WriteOutcome.Rejected.class);
    assertThat(calls).doesNotContain("begin");
  }

  @Test
  void tellsARebalanceFromOtherFailures() {
    assertThat(outcomeWhereOffsetsThrow(new CommitFailedException("illegal generation")))
        .isInstanceOf(WriteOutcome.Refused.class);
    assertThat(outcomeWhereOffsetsThrow(new RebalanceInProgressException("joining")))
        .isInstanceOf(WriteOutcome.Refused.class);
    assertThat(outcomeWhereOffsetsThrow(new KafkaException("passing")))
        .isInstanceOf(WriteOutcome.Aborted.class);
    assertThat(outcomeWhereOffsetsThrow(new TimeoutException("late")))
        .isInstanceOf(WriteOutcome.Unknown.class);
    assertThat(outcomeWhereOffsetsThrow(new ProducerFencedException("a twin")))
        .isInstanceOf(WriteOutcome.Unknown.class);
    assertThat(outcomeWhereOffsetsThrow(new InvalidProducerEpochException("a twin")))
        .isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void abortsWhatIsRefusedAndKnowsNotWhereTheAbortFails() {
    producer.sendOffsetsToTransactionException = new CommitFailedException("illegal generation");
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    writer.write(epoch(record(0, "a", "1")), MEMBER);
    assertThat(calls).endsWith("abort").doesNotContain("commit");

    producer.abortTransactionException = new TimeoutException("late");
    assertThat(writer.write(epoch(record(0, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void asksForALateCommitAgainAndThenKnowsNot() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.lateCommits = 2;
    assertThat(writer.write(epoch(record(0, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Committed.class);

    producer.lateCommits = 3;
    assertThat(writer.write(epoch(record(1, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Unknown.class);
    assertThat(calls).as("a commit of unknown outcome is not aborted").doesNotContain("abort");
  }

  @Test
  void namesTheEventOfARefusedRecord() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.failing =
        (record, _) ->
            text(record.value()).equals("2") ? new RecordTooLargeException("large") : null;

    assertThat(writer.write(epoch(record(5, "a", "1"), record(6, "b", "2")), MEMBER))
        .isEqualTo(rejected(6, "large"));
    assertThat(calls).endsWith("abort");
  }

  /// After a refused record a transactional producer throws at every later call.
  @Test
  void namesTheEventOfARefusedRecordAlsoWhereLaterSendsThrow() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.failing =
        (record, _) ->
            text(record.value()).equals("1") ? new RecordTooLargeException("large") : null;
    producer.throwsAfterFailure = true;

    assertThat(writer.write(epoch(record(5, "a", "1"), record(6, "b", "2")), MEMBER))
        .isEqualTo(rejected(5, "large"));
  }

  @Test
  void namesTheGuiltyRecordOfABatchAndNotItsNeighbours() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.failing =
        (record, _) ->
            text(record.value()).equals("2")
                ? new InvalidRecordException("not in a compacted topic")
                : new KafkaException("in one batch with an invalid record");

    assertThat(
            writer.write(
                epoch(record(5, "a", "1"), record(6, "b", "2"), record(7, "c", "3")), MEMBER))
        .isEqualTo(
            new WriteOutcome.Rejected(
                INPUT, 6, new InvalidRecordException("not in a compacted topic").toString()));
  }

  @Test
  void rejectsATimestampThatTheTopicRefuses() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.failing = (_, _) -> new InvalidTimestampException("from the future");

    assertThat(writer.write(epoch(record(5, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Rejected.class);
  }

  @Test
  void takesAFencedSendForAnUnknownOutcome() {
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);
    producer.failing = (_, _) -> new InvalidProducerEpochException("fenced");

    assertThat(writer.write(epoch(record(5, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Unknown.class);
  }

  @Test
  void beginsAnewWithAnotherProducerOfTheSameId() {
    RecordingProducer second = new RecordingProducer("second ", calls);
    clients.with(second);
    TransactionalWriter writer = writer(Guarantee.EXACTLY_ONCE);

    writer.begin();

    assertThat(producer.closed()).isTrue();
    assertThat(calls).containsExactly("init", "second init");
    assertThat(clients.asked())
        .extracting(configuration -> configuration.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG))
        .containsExactly("app-w1", "app-w1");
    writer.close();
    assertThat(second.closed()).isTrue();
    assertThat(writer.write(epoch(record(0, "a", "1")), MEMBER))
        .isInstanceOf(WriteOutcome.Unknown.class);
  }

  private static WriteOutcome outcomeWhereOffsetsThrow(RuntimeException failure) {
    TransactionalWriterTest fresh = new TransactionalWriterTest();
    fresh.producer.sendOffsetsToTransactionException = failure;
    return fresh.writer(Guarantee.EXACTLY_ONCE).write(fresh.epoch(record(0, "a", "1")), MEMBER);
  }

  private static WriteOutcome rejected(long offset, String reason) {
    return new WriteOutcome.Rejected(INPUT, offset, new RecordTooLargeException(reason).toString());
  }

  private TransactionalWriter writer(Guarantee guarantee) {
    return writer(app, guarantee);
  }

  private TransactionalWriter writer(TestApp of, Guarantee guarantee) {
    TransactionalWriter writer =
        new TransactionalWriter(
            surroundings,
            new EpochRecords(of.topology(), new Lineage("w1")),
            new Failpoints("", surroundings.monitor(), _ -> {}),
            new Meters(),
            guarantee,
            WriterSettings.standard("app-w1", "w1-1"));
    writer.begin();
    return writer;
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private Epoch epoch(ConsumerRecord<byte[], byte[]>... events) {
    return epoch(app, List.of(events));
  }

  private Epoch epoch(TestApp of, List<ConsumerRecord<byte[], byte[]>> events) {
    Task task = of.begun(0);
    task.offer(events, events.getLast().offset() + 1);
    surroundings.runAll();
    return new Epoch(1, List.of(requireNonNull(task.seal())));
  }

  /// What becomes of a record.
  private interface Fate {
    @Nullable RuntimeException of(ProducerRecord<byte[], byte[]> record, int index);
  }

  /// Kafka's mock, with a protocol of the calls and failures that arrive as the real one's do.
  private static final class RecordingProducer extends MockProducer<byte[], byte[]> {

    private final String name;
    private final List<String> calls;
    private Fate failing = (_, _) -> null;
    private boolean throwsAfterFailure;
    private boolean failed;
    private boolean isEnding;
    private int sends;
    private int lateCommits;

    RecordingProducer(String name, List<String> calls) {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
      this.name = name;
      this.calls = calls;
    }

    @Override
    public void initTransactions() {
      calls.add(name + "init");
      super.initTransactions();
    }

    @Override
    public void beginTransaction() {
      calls.add(name + "begin");
      super.beginTransaction();
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (failed && throwsAfterFailure) {
        throw new KafkaException("cannot send because of an earlier error");
      }
      calls.add(name + "send " + record.topic() + " " + text(record.value()));
      RuntimeException failure = failing.of(record, sends++);
      if (failure != null) {
        failed = true;
        callback.onCompletion(null, failure);
        return java.util.concurrent.CompletableFuture.failedFuture(failure);
      }
      return super.send(
          new ProducerRecord<>(
              record.topic(),
              0,
              record.timestamp(),
              record.key(),
              record.value(),
              new RecordHeaders(record.headers())),
          callback);
    }

    @Override
    public synchronized void flush() {
      if (!isEnding) {
        calls.add(name + "flush");
      }
      super.flush();
    }

    @Override
    public void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
      StringBuilder shown = new StringBuilder();
      offsets.forEach((partition, offset) ->
          shown.append(partition + "=" + offset.offset() + "/" + offset.metadata()));
      calls.add(name + "offsets {" + shown + "} generation " + metadata.generationId());
      super.sendOffsetsToTransaction(offsets, metadata);
    }

    @Override
    public void commitTransaction() {
      if (lateCommits-- > 0) {
        throw new TimeoutException("no answer yet");
      }
      calls.add(name + "commit");
      // the mock's own end flushes once more
      isEnding = true;
      super.commitTransaction();
      isEnding = false;
    }

    @Override
    public void abortTransaction() {
      calls.add(name + "abort");
      isEnding = true;
      super.abortTransaction();
      isEnding = false;
    }
  }
}
