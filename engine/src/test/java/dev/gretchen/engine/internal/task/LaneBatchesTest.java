package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.INPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.records;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.LaneSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// Batches of a task: which events are together, what stands for what they write, what becomes of
/// those that cannot be read.
class LaneBatchesTest {

  private static final Duration WITHIN = Duration.ofMillis(40);

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp app = new TestApp(surroundings);
  private final List<String> begun = new ArrayList<>();

  /// What a test does with a batch.
  private interface Body {
    void handle(List<ConsumerRecord<byte[], byte[]>> batch, CurrentEvent effects) throws Exception;
  }

  /// Reads what is not `bad`.
  private record Reader(Body body) implements AgentSpec.Reader {
    @Override
    public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
      AgentSpec.Batch alone = batch();
      alone.read(source).run();
      return alone;
    }

    @Override
    public AgentSpec.Batch batch() {
      List<ConsumerRecord<byte[], byte[]>> events = new ArrayList<>();
      return new AgentSpec.Batch() {
        @Override
        public Runnable read(ConsumerRecord<byte[], byte[]> source) {
          if (text(source.value()).equals("bad")) {
            throw new IllegalArgumentException("no event");
          }
          return () -> events.add(source);
        }

        @Override
        public void run() throws Exception {
          body.handle(events, CurrentEvent.required("test"));
        }
      };
    }
  }

  private TestApp taking(int concurrency, int events, Body body) {
    return app.lanes(new LaneSpec(concurrency, null, new Take(events, WITHIN)))
        .agent(
            new FailurePolicy.DeadLetter(0, Duration.ZERO),
            new Reader((batch, effects) -> {
              begun.add(String.join("", batch.stream().map(e -> text(e.value())).toList()));
              body.handle(batch, effects);
            }));
  }

  private static void echo(List<ConsumerRecord<byte[], byte[]>> batch, CurrentEvent effects) {
    batch.forEach(
        event -> effects.causing(event, () -> effects.send(OUTPUT, event.key(), event.value())));
  }

  @Test
  void anIncompleteBatchBeginsWhenItsFirstEventHasWaitedLongEnough() {
    Task task = taking(1, 4, LaneBatchesTest::echo).begun(0);
    task.offer(records(0, "a", "b"), 2);
    // the activation admits them, and sets the alarm; before that wakes, a third one comes
    surroundings.inNextWait(() -> {
      surroundings.pass(WITHIN.dividedBy(2));
      task.offer(records(2, "c"), 3);
      surroundings.runAll();
      assertThat(begun).isEmpty();
    });
    surroundings.runAll();

    assertThat(begun).containsExactly("abc");
    assertThat(requireNonNull(task.seal()).progress()).isEqualTo(Progress.at(3));
  }

  @Test
  void aCompleteBatchWaitsForNobody() {
    Task task = taking(1, 2, LaneBatchesTest::echo).begun(0);
    List<String> atOnce = new ArrayList<>();
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      atOnce.addAll(begun);
    });
    task.offer(records(0, "a", "b", "c", "d"), 4);
    surroundings.runAll();

    assertThat(atOnce).as("before the time that was set for the first").containsExactly("ab", "cd");
  }

  @Test
  void aBatchIsCompleteWhereNoMoreMayBeUnfinished() {
    Task task =
        taking(1, 10, LaneBatchesTest::echo).mailbox(new Mailbox.Bounds(100, 6), () -> {}).begun(0);
    task.offer(records(0, "a", "b", "c", "d"), 4);
    surroundings.runAll();

    assertThat(begun.getFirst()).as("of two bytes each").isEqualTo("abc");
    assertThat(requireNonNull(task.seal()).progress()).isEqualTo(Progress.at(4));
  }

  @Test
  void aBatchHasItsLanesUntilItEnds() {
    List<String> meanwhile = new ArrayList<>();
    Task task =
        taking(
                2,
                2,
                (batch, effects) -> {
                  echo(batch, effects);
                  if (text(batch.getFirst().value()).equals("a")) {
                    effects.sleep(Duration.ofSeconds(1));
                  }
                })
            .begun(0);
    surroundings.inNextWait(surroundings::runAll); // of the alarm, which nobody needs any more
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      meanwhile.addAll(begun);
    });
    task.offer(
        List.of(
            record(0, "k", "a"),
            record(1, "l", "b"),
            record(2, "k", "c"),
            record(3, "m", "d"),
            record(4, "n", "e"),
            record(5, "l", "f")),
        6);
    surroundings.runAll();

    assertThat(meanwhile).as("c and f stand behind a and b").containsExactly("ab", "de");
    assertThat(begun).containsExactly("ab", "de", "cf");
  }

  @Test
  void whatIsWrittenUnderAKeyStandsForAllItsEventsOfTheBatch() {
    app.table(TableSpec.plain("t"));
    Task task =
        taking(
                2,
                3,
                (batch, effects) -> {
                  for (ConsumerRecord<byte[], byte[]> event : batch) {
                    EventTable table = effects.table("t");
                    table.requireOwn(event.key());
                    String before = table.read(key(text(event.key())), Codecs.utf8());
                    table.write(
                        key(text(event.key())),
                        (before == null ? "" : before) + text(event.value()),
                        Codecs.utf8());
                  }
                })
            .begun(0);
    task.offer(
        List.of(
            record(0, "k", "a"),
            record(1, "l", "b"),
            record(2, "k", "c"),
            record(3, "m", "d"),
            record(4, "l", "e"),
            record(5, "m", "f")),
        6);
    surroundings.runAll();

    // k has two of the first three places, and l the third one: its second event comes later
    assertThat(begun.getFirst()).isEqualTo("abc");
    TaskEpoch sealed = requireNonNull(task.seal());
    assertThat(sealed.changes().get("t"))
        .extracting(change ->
            text(change.value()) + " " + change.firstOffset() + ".." + change.lastOffset())
        .containsExactlyInAnyOrder("ac 0..2", "be 1..4", "df 3..5");
  }

  @Test
  void whatCannotBeReadOrWasRefusedIsPutAsideAndTheOthersAreHandled() {
    app.poisoned((_, offset) -> offset == 2 ? new TaskContext.Refusal("too large", false) : null);
    Task task = taking(1, 4, LaneBatchesTest::echo).begun(0);
    task.offer(records(0, "a", "bad", "refused", "d"), 4);
    surroundings.runAll();

    assertThat(begun).containsExactly("ad");
    TaskEpoch sealed = requireNonNull(task.seal());
    assertThat(sealed.progress()).isEqualTo(Progress.at(4));
    assertThat(sealed.outputs())
        .filteredOn(output -> !output.topic().equals(OUTPUT))
        .extracting(letter ->
            text(requireNonNull(letter.headers().lastHeader(DeadLetter.SOURCE)).value())
                + " "
                + text(requireNonNull(letter.headers().lastHeader(DeadLetter.REASON)).value()))
        .containsExactlyInAnyOrder(
            INPUT + "-0@2 too large",
            INPUT
                + "-0@1 agent agent0 cannot decode it: java.lang.IllegalArgumentException: no event");
  }

  @Test
  void drainedItLeavesAnIncompleteBatchToItsSuccessor() {
    Task task = taking(1, 4, LaneBatchesTest::echo).begun(0);
    task.offer(records(0, "a", "b"), 2);
    surroundings.inNextWait(task::drain);
    surroundings.runAll();

    assertThat(begun).isEmpty();
    assertThat(task.isQuiet()).isTrue();
    TaskEpoch sealed = task.seal();
    assertThat(sealed == null ? Progress.at(0) : sealed.progress()).isEqualTo(Progress.at(0));
  }
}
