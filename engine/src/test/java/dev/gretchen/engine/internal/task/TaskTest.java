package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.records;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.EffectTooLarge;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskTest {

  private static final FailurePolicy NO_RETRY = new FailurePolicy.DeadLetter(0, Duration.ZERO);

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp app = new TestApp(surroundings);

  @Test
  void stagesTheEffectsOfEventsInTheirOrder() {
    app.table(TableSpec.plain("t")).agent(TaskTest::sendAndPut);
    Task task = app.begun(10);

    task.offer(records(10, "a", "b", "a"), 13);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).isEqualTo(13);
    assertThat(sent(sealed)).containsExactly("a", "b", "a");
    assertThat(sealed.outputs()).extracting(Output::sourceOffset).containsExactly(10L, 11L, 12L);
    assertThat(sealed.changes().get("t"))
        .extracting(StagedChange::key, StagedChange::firstOffset, StagedChange::lastOffset)
        .containsExactly(tuple(key("a"), 10L, 12L), tuple(key("b"), 11L, 11L));
    assertThat(task.seal()).as("nothing new").isNull();
  }

  @Test
  void dropsAllEffectsOfAnEventWhoseHandlerThrows() {
    app.table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          sendAndPut(event, effects);
          if (text(event.value()).equals("bad")) {
            throw new IllegalArgumentException("no good");
          }
        });
    Task task = app.begun(0);

    task.offer(records(0, "a", "bad", "b"), 3);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).isEqualTo(3);
    assertThat(sealed.outputs())
        .extracting(Output::topic)
        .containsExactly(OUTPUT, "app-dead-letters", OUTPUT);
    assertThat(sealed.changes().get("t"))
        .extracting(StagedChange::key)
        .containsExactly(key("a"), key("b"));
    Output letter = sealed.outputs().get(1);
    assertThat(letter.value()).isEqualTo(bytes("bad"));
    assertThat(header(letter, "gretchen-dead-letter-reason")).contains("no good");
    assertThat(header(letter, "gretchen-dead-letter-source")).isEqualTo("in-0@1");
    assertThat(header(letter, "gretchen-dead-letter-stack")).contains("TaskTest");
  }

  @Test
  void triesAgainWithDoublingPausesAndKeepsOnlyTheEffectsOfTheLastAttempt() {
    AtomicInteger attempts = new AtomicInteger();
    app.agent(
        new FailurePolicy.DeadLetter(3, Duration.ofMillis(100)),
        (event, effects) -> {
          sendAndPutNothing(event, effects);
          if (attempts.incrementAndGet() < 3) {
            throw new IllegalStateException("not yet");
          }
        });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(attempts).hasValue(3);
    assertThat(surroundings.waits())
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(sent(sealed(task))).containsExactly("a");
  }

  @Test
  void sendsTheEventToTheDeadLettersWhenTheRetriesAreUsedUp() {
    AtomicInteger attempts = new AtomicInteger();
    app.agent(
        new FailurePolicy.DeadLetter(2, Duration.ofMillis(1)),
        (_, _) -> {
          attempts.incrementAndGet();
          throw new IllegalStateException("never");
        });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(attempts).hasValue(3);
    assertThat(sealed(task).outputs())
        .extracting(Output::topic)
        .containsExactly("app-dead-letters");
  }

  @Test
  void deadLettersWhatIsTooLargeWithoutARetry() {
    AtomicInteger attempts = new AtomicInteger();
    app.recordBytesMax(100)
        .agent(
            FailurePolicy.standard(),
            (_, effects) -> {
              attempts.incrementAndGet();
              effects.send(OUTPUT, bytes("key"), new byte[101]);
            });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(attempts).hasValue(1);
    assertThat(header(sealed(task).outputs().getFirst(), "gretchen-dead-letter-reason"))
        .contains(EffectTooLarge.class.getSimpleName(), "in-0@0", "104 bytes");
  }

  @Test
  void leavesTheContentOutOfADeadLetterThatWouldBeTooLargeItself() {
    app.recordBytesMax(20_000)
        .agent((_, _) -> {
          throw new IllegalStateException("broken");
        });
    Task task = app.begun(0);
    String fits = "x".repeat(5_000);
    String tooLarge = "x".repeat(19_999);

    task.offer(List.of(record(0, "k", fits), record(1, "k", tooLarge)), 2);
    surroundings.runAll();

    List<Output> letters = sealed(task).outputs();
    assertThat(letters.get(0).value()).hasSize(5_000);
    assertThat(letters.get(1).value()).isNull();
    assertThat(header(letters.get(1), "gretchen-dead-letter-left-out")).contains("19999 bytes");
    assertThat(header(letters.get(1), "gretchen-dead-letter-source")).isEqualTo("in-0@1");
    assertThat(header(letters.get(1), "gretchen-dead-letter-reason")).contains("broken");
  }

  @Test
  void countsLargeHeadersOfTheEventIntoItsDeadLetter() {
    app.recordBytesMax(20_000)
        .agent((_, _) -> {
          throw new IllegalStateException("broken");
        });
    Task task = app.begun(0);
    RecordHeaders headers = new RecordHeaders();
    headers.add("large", new byte[19_000]);

    task.offer(List.of(record(0, 0, 0, "k", "v", headers)), 1);
    surroundings.runAll();

    Output letter = sealed(task).outputs().getFirst();
    assertThat(letter.headers().lastHeader("large")).isNull();
    assertThat(header(letter, "gretchen-dead-letter-left-out")).contains("headers of");
  }

  @Test
  void sendsAPoisonedEventToTheDeadLettersUnhandled() {
    AtomicInteger handled = new AtomicInteger();
    app.poisoned((_, offset) ->
            switch ((int) offset) {
              case 1 -> new TaskContext.Refusal("too large", false);
              case 2 -> new TaskContext.Refusal("still refused", true);
              default -> null;
            })
        .agent((_, _) -> handled.incrementAndGet());
    Task task = app.begun(0);

    task.offer(records(0, "a", "b", "c"), 3);
    surroundings.runAll();

    assertThat(handled).hasValue(1);
    List<Output> letters = sealed(task).outputs();
    assertThat(letters).hasSize(2);
    assertThat(header(letters.get(0), "gretchen-dead-letter-reason")).isEqualTo("too large");
    assertThat(letters.get(0).value()).isEqualTo(bytes("b"));
    assertThat(letters.get(1).value()).as("a letter that was refused holds no more").isNull();
    assertThat(letters.get(1).timestamp()).isNegative();
  }

  @Test
  void deadLettersWhatCannotBeDecodedWhateverThePolicy() {
    app.agent(
        new FailurePolicy.StopWorker(),
        (dev.gretchen.engine.internal.topology.AgentSpec.Reader)
            _ -> {
              throw new IllegalArgumentException("no long");
            });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(app.fatal()).isEmpty();
    assertThat(header(sealed(task).outputs().getFirst(), "gretchen-dead-letter-reason"))
        .contains("cannot decode", "no long");
  }

  @Test
  void stopsAtTheFailedEventWhereThePolicySaysSo() {
    app.agent(
        new FailurePolicy.StopWorker(),
        (event, effects) -> {
          sendAndPutNothing(event, effects);
          if (text(event.value()).equals("stop")) {
            throw new IllegalStateException("asked to");
          }
        });
    Task task = app.begun(0);

    task.offer(records(0, "a", "stop", "never"), 3);
    surroundings.runAll();

    assertThat(app.fatal())
        .singleElement()
        .satisfies(failure ->
            assertThat(failure).hasMessageContaining("in-0@1").hasRootCauseMessage("asked to"));
    assertThat(task.stage()).isEqualTo(Task.Stage.DRAINING);
    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).isEqualTo(1);
    assertThat(sent(sealed)).containsExactly("a");
  }

  @Test
  void blamesADiskThatFailsAHandlerOnTheWorkerAndNotOnTheEvent() {
    app.agent(
        new FailurePolicy.DeadLetter(0, Duration.ZERO),
        (event, effects) -> {
          sendAndPutNothing(event, effects);
          if (text(event.value()).equals("b")) {
            throw new IllegalStateException(
                "wrapped", new StoreUnavailable("a bad block", new IllegalStateException()));
          }
        });
    Task task = app.begun(0);

    task.offer(records(0, "a", "b", "never"), 3);
    surroundings.runAll();

    assertThat(app.fatal())
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("local store", "in-0@1"));
    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).isEqualTo(1);
    assertThat(sent(sealed)).containsExactly("a");
  }

  @Test
  void treatsAllAgentsOfATopicAsOneUnit() {
    List<String> seen = new ArrayList<>();
    app.table(TableSpec.plain("t"))
        .agent(NO_RETRY, TaskTest::sendAndPut)
        .agent(
            new FailurePolicy.DeadLetter(5, Duration.ZERO),
            (event, effects) -> {
              seen.add("second sees " + text(effects.table("t").read(key("a"), Codecs.bytes())));
              if (text(event.value()).equals("bad")) {
                throw new IllegalStateException("the second agent fails");
              }
            });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "a", "1"), record(1, "a", "bad")), 2);
    surroundings.runAll();

    assertThat(seen)
        .as("one attempt each: the strictest policy counts")
        .containsExactly("second sees 1", "second sees bad");
    TaskEpoch sealed = sealed(task);
    assertThat(sealed.outputs())
        .extracting(Output::topic)
        .containsExactly(OUTPUT, "app-dead-letters");
    assertThat(text(change(sealed, "a").value())).isEqualTo("1");
  }

  @Test
  void sealsWholeEventsWhileAHandlerRuns() {
    List<@Nullable TaskEpoch> inTheMiddle = new ArrayList<>();
    List<Task> self = new ArrayList<>();
    app.agent((event, effects) -> {
      sendAndPutNothing(event, effects);
      if (text(event.value()).equals("b")) {
        inTheMiddle.add(self.getFirst().seal());
        effects.send(OUTPUT, event.key(), bytes("b again"));
      }
    });
    Task task = app.begun(0);
    self.add(task);

    task.offer(records(0, "a", "b", "c"), 3);
    surroundings.runAll();

    TaskEpoch first = requireNonNull(inTheMiddle.getFirst());
    assertThat(first.nextOffset()).isEqualTo(1);
    assertThat(sent(first)).containsExactly("a");
    TaskEpoch second = sealed(task);
    assertThat(second.nextOffset()).isEqualTo(3);
    assertThat(sent(second)).containsExactly("b", "b again", "c");
  }

  @Test
  void readsItsOwnUncommittedChangesOverTheStore() {
    List<String> read = new ArrayList<>();
    app.table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          read.add(text(effects.table("t").read(key("a"), Codecs.bytes())));
          effects
              .table("t")
              .write(
                  key("a"),
                  text(event.value()).equals("delete") ? null : event.value(),
                  Codecs.bytes());
        });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "a", "1"), record(1, "a", "delete"), record(2, "a", "2")), 3);
    surroundings.runAll();

    assertThat(read).containsExactly("null", "1", "null");
    assertThat(app.store().partition("t", 0).get(key("a").bytes()))
        .as("not before the commit")
        .isNull();
    assertThat(change(sealed(task), "a").firstOffset()).isZero();
  }

  @Test
  void encodesAValueOnceAnEpochAndDecodesItOnce() {
    List<String> codings = new ArrayList<>();
    Codec<String> codec = recording(codings);
    app.table(TableSpec.plain("t"))
        .agent((_, effects) -> {
          String before = effects.table("t").read(key("a"), codec);
          effects.table("t").write(key("a"), before + "+", codec);
        });
    Task task = app.begun(0);
    app.store()
        .partition("t", 0)
        .apply(
            task.token(),
            List.of(new Change(key("a"), bytes("old"))),
            new Position(new Uuid(1, 1), 1, 1));

    task.offer(records(0, "a"), 1);
    surroundings.runAll();
    assertThat(sealed(task).encode()).isNull();
    codings.clear();
    task.offer(records(1, "a", "a", "a"), 4);
    surroundings.runAll();
    TaskEpoch second = sealed(task);
    assertThat(codings).as("not before it is sealed").isEmpty();

    assertThat(second.encode()).isNull();
    assertThat(text(change(second, "a").value())).isEqualTo("old++++");
    assertThat(codings).containsExactly("encode old++++");
  }

  @Test
  void forgetsWhatTheStoreHoldsWhereThereIsTooMuchOfIt() {
    List<String> read = new ArrayList<>();
    app.cells(new CellBound(0))
        .table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          TablePartition table = effects.table("t");
          if (text(event.value()).equals("read")) {
            read.add(text(table.read(key(text(event.key())), Codecs.bytes())));
          } else {
            table.write(key(text(event.key())), event.value(), Codecs.bytes());
          }
        });
    Task task = app.begun(0);
    List<ConsumerRecord<byte[], byte[]>> many = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      many.add(record(i, "k" + i, "written"));
    }
    task.offer(many, 1_200);
    surroundings.runAll();
    TaskEpoch sealed = sealed(task);

    task.offer(List.of(record(1_200, "k7", "read")), 1_201);
    surroundings.runAll();
    assertThat(read).as("not in the store yet").containsExactly("written");

    List<Change> batch = new ArrayList<>();
    requireNonNull(sealed.changes().get("t"))
        .forEach(change -> batch.add(new Change(change.key(), bytes("kept"))));
    app.store().partition("t", 0).apply(task.token(), batch, new Position(new Uuid(1, 1), 1, 1));
    task.applied();
    for (int i = 0; i < 2_000; i++) {
      task.offer(List.of(record(1_201 + i, "other" + i, "written")), 1_202 + i);
    }
    task.offer(List.of(record(3_201, "k7", "read")), 3_202);
    surroundings.runAll();
    assertThat(read).as("from the store").containsExactly("written", "kept");
  }

  @Test
  void keepsNothingOfAKeyThatAFailedEventWroteWithoutReadingIt() {
    List<String> read = new ArrayList<>();
    app.table(TableSpec.plain("t"))
        .agent(
            NO_RETRY,
            (event, effects) -> {
              if (text(event.value()).equals("bad")) {
                effects.table("t").write(key("a"), bytes("wrong"), Codecs.bytes());
                throw new IllegalArgumentException("no good");
              }
              read.add(text(effects.table("t").read(key("a"), Codecs.bytes())));
            });
    Task task = app.begun(0);
    app.store()
        .partition("t", 0)
        .apply(
            task.token(),
            List.of(new Change(key("a"), bytes("right"))),
            new Position(new Uuid(1, 1), 1, 1));

    task.offer(List.of(record(0, "a", "bad"), record(1, "a", "good")), 2);
    surroundings.runAll();

    assertThat(read).containsExactly("right");
  }

  @Test
  void namesAValueThatCannotBeSentWhenTheEpochIsEncoded() {
    app.recordBytesMax(100).table(TableSpec.plain("t")).agent(TaskTest::putAsText);
    Task task = app.begun(0);

    task.offer(List.of(record(0, "a", "x"), record(1, "a", "x".repeat(99))), 2);
    surroundings.runAll();

    assertThat(sealed(task).encode()).contains("table t", "101 bytes", "in-0@1");
  }

  @Test
  void failsTheEventAtFaultInAPartitionThatIsSuspect() {
    app.recordBytesMax(100)
        .poisoned(new Suspicious())
        .table(TableSpec.plain("t"))
        .agent(NO_RETRY, TaskTest::putAsText);
    Task task = app.begun(0);

    task.offer(
        List.of(record(0, "a", "x"), record(1, "a", "x".repeat(99)), record(2, "b", "y")), 3);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.encode()).isNull();
    assertThat(sealed.outputs())
        .singleElement()
        .satisfies(letter -> assertThat(letter.sourceOffset()).isEqualTo(1));
    assertThat(text(change(sealed, "a").value())).isEqualTo("x");
    assertThat(text(change(sealed, "b").value())).isEqualTo("y");
  }

  private static void putAsText(ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) {
    effects.table("t").write(key(text(event.key())), text(event.value()), Codecs.utf8());
  }

  /// Poisons nothing, suspects all.
  private static final class Suspicious implements TaskContext.Poisoned {
    @Override
    public TaskContext.@Nullable Refusal refusal(TopicPartition input, long offset) {
      return null;
    }

    @Override
    public boolean isSuspect(TopicPartition input) {
      return true;
    }
  }

  private static Codec<String> recording(List<String> codings) {
    return new Codec<>() {
      @Override
      public byte[] encode(String value) {
        codings.add("encode " + value);
        return bytes(value);
      }

      @Override
      public String decode(byte[] encoded) {
        codings.add("decode " + text(encoded));
        return text(encoded);
      }
    };
  }

  @Test
  void stopsAtTheEndOfTheBudgetAndGoesOnWhenThereIsRoom() {
    List<Task> tasks = new ArrayList<>();
    List<String> signals = new ArrayList<>();
    Budget budget = new Budget(1_000, () -> signals.add("half"), () -> tasks.forEach(Task::wake));
    app.budget(budget).agent(TaskTest::sendAndPutNothing);
    Task task = app.begun(0);
    tasks.add(task);

    task.offer(records(0, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), 10);
    surroundings.runAll();

    assertThat(signals).containsExactly("half");
    assertThat(budget.isExhausted()).isTrue();
    TaskEpoch first = sealed(task);
    assertThat(first.nextOffset()).isBetween(3L, 9L);
    assertThat(surroundings.waiting()).isZero();

    budget.release(first.bytes());
    surroundings.runAll();
    TaskEpoch second = sealed(task);
    budget.release(second.bytes());

    assertThat(second.nextOffset()).isEqualTo(10);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void setsOthersGoingWhenAnIncarnationThatHeldTheBudgetEnds() {
    List<Task> tasks = new ArrayList<>();
    Budget budget = new Budget(1_000, () -> {}, () -> tasks.forEach(Task::wake));
    app.budget(budget).agent(TaskTest::sendAndPutNothing);
    Task greedy = app.task(0);
    Task starved = app.task(1);
    tasks.addAll(List.of(greedy, starved));
    greedy.begin(0);
    starved.begin(0);
    greedy.offer(records(0, "a", "b", "c", "d", "e", "f", "g", "h"), 8);
    surroundings.runAll();
    starved.offer(List.of(record(1, 0, 0, "a", "a", new RecordHeaders())), 1);
    surroundings.runAll();
    assertThat(starved.seal()).as("no room").isNull();

    // nothing is sealed, so no commit will come to wake it
    greedy.retire();
    surroundings.runAll();

    assertThat(sent(sealed(starved))).containsExactly("a");
  }

  @Test
  void finishesTheEventAtHandAndNoOtherWhenItDrains() {
    List<Task> self = new ArrayList<>();
    app.agent((event, effects) -> {
      sendAndPutNothing(event, effects);
      if (text(event.value()).equals("b")) {
        self.getFirst().drain();
      }
    });
    Task task = app.begun(0);
    self.add(task);

    task.offer(records(0, "a", "b", "c"), 5);
    surroundings.runAll();
    task.offer(records(5, "d"), 6);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).isEqualTo(2);
    assertThat(sent(sealed)).containsExactly("a", "b");
    assertThat(task.awaitQuiet(Duration.ZERO)).isTrue();
  }

  @Test
  void doesNotPassOverAnEventThatItAbandonsWhileDraining() {
    app.agent(
        new FailurePolicy.DeadLetter(3, Duration.ofSeconds(1)),
        (event, effects) -> {
          if (text(event.value()).equals("b")) {
            throw new IllegalStateException("waits for a retry");
          }
          sendAndPutNothing(event, effects);
        });
    Task task = app.begun(0);
    surroundings.inNextWait(task::drain);

    task.offer(records(0, "a", "b"), 7);
    task.offer(records(7, "c"), 8);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.nextOffset()).as("its successor handles b").isEqualTo(1);
    assertThat(sent(sealed)).containsExactly("a");
  }

  @Test
  void stagesNothingMoreWhenItIsVoid() {
    Budget budget = new Budget(1 << 20, () -> {}, () -> {});
    List<Task> self = new ArrayList<>();
    app.budget(budget)
        .agent((event, effects) -> {
          sendAndPutNothing(event, effects);
          if (text(event.value()).equals("b")) {
            self.getFirst().retire();
          }
        });
    Task task = app.begun(0);
    self.add(task);

    task.offer(records(0, "a", "b", "c"), 3);
    surroundings.runAll();

    assertThat(task.seal()).isNull();
    assertThat(task.isVoid()).isTrue();
    assertThat(budget.heldBytes()).isZero();
    assertThat(task.buffered()).isZero();
    assertThat(task.begin(0)).isFalse();
  }

  @Test
  void takesAFailureOfAVoidIncarnationForNothing() {
    List<Task> self = new ArrayList<>();
    app.agent(
        new FailurePolicy.StopWorker(),
        (_, _) -> {
          self.getFirst().retire();
          throw new StoreUnavailable("the store was closed under it", new IllegalStateException());
        });
    Task task = app.begun(0);
    self.add(task);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(app.fatal()).isEmpty();
  }

  @Test
  void endsAHandlerThatGoesOnUsingATableOfAnIncarnationThatEnded() {
    List<Task> self = new ArrayList<>();
    AtomicInteger reads = new AtomicInteger();
    app.table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          while (effects.table("t").read(key(text(event.key())), Codecs.bytes()) == null) {
            if (reads.incrementAndGet() == 3) {
              self.getFirst().retire();
            }
          }
        });
    Task task = app.begun(0);
    self.add(task);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(reads).hasValue(3);
    assertThat(task.seal()).isNull();
    assertThat(app.fatal()).isEmpty();
  }

  @Test
  void countsNothingOfAnIncarnationThatMetABug() {
    AtomicInteger runs = new AtomicInteger();
    app.agent((event, effects) -> {
      sendAndPutNothing(event, effects);
      if (text(event.value()).equals("b")) {
        runs.incrementAndGet();
        throw new NoClassDefFoundError("gone");
      }
    });
    Task task = app.begun(0);

    task.offer(records(0, "a", "b", "c"), 3);
    surroundings.runAll();

    assertThat(app.fatal()).singleElement().isInstanceOf(NoClassDefFoundError.class);
    assertThat(runs).as("not tried for ever").hasValue(1);
    assertThat(task.seal()).isNull();
  }

  @Test
  void movesBeyondControlRecordsAndOverEmptyBatches() {
    app.agent(TaskTest::sendAndPutNothing);
    Task task = app.begun(5);

    task.offer(records(5, "a", "b"), 9);
    surroundings.runAll();
    assertThat(sealed(task).nextOffset()).isEqualTo(9);

    task.offer(List.of(), 12);
    surroundings.runAll();
    TaskEpoch empty = sealed(task);
    assertThat(empty.nextOffset()).isEqualTo(12);
    assertThat(empty.outputs()).isEmpty();
  }

  @Test
  void handlesOneActivationAtATimeAndTakesTurns() {
    app.agent(TaskTest::sendAndPutNothing);
    Task task = app.begun(0);
    String[] many = new String[1_500];
    java.util.Arrays.fill(many, "x");

    task.offer(records(0, many), 1_500);
    task.offer(records(1_500, "y"), 1_501);
    assertThat(surroundings.waiting()).as("one activation").isEqualTo(1);
    assertThat(task.buffered()).isEqualTo(1_501);
    surroundings.runAll();

    assertThat(sealed(task).nextOffset()).isEqualTo(1_501);
    assertThat(task.buffered()).isZero();
  }

  @Test
  void takesNoRecordsBeforeItBegins() {
    app.agent(TaskTest::sendAndPutNothing);
    Task task = app.task();

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(task.buffered()).isZero();
    assertThat(task.seal()).isNull();
  }

  @Test
  void passesOnTheEventIdAndTheTimestampAndNothingElse() {
    app.agent(TaskTest::sendAndPutNothing);
    Task task = app.begun(0);
    RecordHeaders headers = new RecordHeaders();
    headers.add("event-id", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    headers.add("other", bytes("x"));

    task.offer(List.of(record(0, 0, 1_234, "k", "v", headers)), 1);
    surroundings.runAll();

    Output output = sealed(task).outputs().getFirst();
    assertThat(output.timestamp()).isEqualTo(1_234);
    assertThat(output.headers().toArray()).hasSize(1);
    assertThat(output.headers().lastHeader("event-id").value())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void takesAnEventsOwnKeyAsItCameOnlyWhereItsCodecKeepsBytes() {
    CurrentEvent current = new CurrentEvent(1_000, _ -> {});
    ConsumerRecord<byte[], byte[]> first = record(0, 0, 0, "Key", "v", new RecordHeaders());
    String key = Codecs.utf8().decode(requireNonNull(first.key()));
    current.enter(first, 0);

    current.decoded(key, Codecs.utf8());
    assertThat(current.encoded(key, Codecs.utf8())).isSameAs(first.key());
    assertThat(current.encoded("other", Codecs.utf8())).isEqualTo(bytes("other"));
    assertThat(current.encoded(key, new LowerCase())).as("of a table").isEqualTo(bytes("key"));

    LowerCase lowerCase = new LowerCase();
    current.decoded(key, lowerCase);
    assertThat(current.encoded(key, lowerCase)).as("of the topic too").isEqualTo(bytes("key"));

    current.decoded(key, Codecs.utf8());
    current.enter(record(0, 1, 0, "another", "v", new RecordHeaders()), 0);
    assertThat(current.encoded(key, Codecs.utf8())).as("no longer its own").isEqualTo(first.key());
  }

  /// Writes one key for several that it reads.
  private static final class LowerCase implements Codec<String> {
    @Override
    public byte[] encode(String value) {
      return bytes(value.toLowerCase(Locale.ROOT));
    }

    @Override
    public String decode(byte[] bytes) {
      return text(bytes);
    }
  }

  @Test
  void refusesAKeyThatBelongsToAnotherPartition() {
    String foreign = "key";
    int home = Utils.toPositive(Utils.murmur2(bytes(foreign))) % 3;
    TablePartition elsewhere = partitionOf((home + 1) % 3);
    TablePartition own = partitionOf(home);

    own.requireOwn(bytes(foreign));
    elsewhere.requireOwn(bytes("source key"));
    assertThatThrownBy(() -> elsewhere.requireOwn(bytes(foreign)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("belongs to partition " + home)
        .hasMessageContaining("Re-key first");
  }

  private static TablePartition partitionOf(int partition) {
    CurrentEvent current = new CurrentEvent(1_000, _ -> {});
    current.enter(record(partition, 0, 0, "source key", "v", new RecordHeaders()), 0);
    return new TablePartition(
        TableSpec.plain("t"),
        new dev.gretchen.engine.internal.store.MemoryStore().partition("t", partition),
        current,
        3,
        false);
  }

  private static void sendAndPut(ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) {
    sendAndPutNothing(event, effects);
    effects.table("t").write(key(text(event.key())), event.value(), Codecs.bytes());
  }

  private static void sendAndPutNothing(
      ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) {
    effects.send(OUTPUT, event.key(), event.value());
  }

  static TaskEpoch sealed(Task task) {
    TaskEpoch sealed = task.seal();
    assertThat(sealed).isNotNull();
    return requireNonNull(sealed);
  }

  private static StagedChange change(TaskEpoch epoch, String key) {
    return requireNonNull(epoch.changes().get("t")).stream()
        .filter(change -> change.key().equals(key(key)))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> sent(TaskEpoch epoch) {
    return epoch.outputs().stream().map(output -> text(output.value())).toList();
  }

  private static String header(Output output, String name) {
    return text(output.headers().lastHeader(name).value());
  }
}
