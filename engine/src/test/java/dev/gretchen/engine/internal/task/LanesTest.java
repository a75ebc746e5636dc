package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.TASK;
import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.records;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.EventAbandoned;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.topology.LaneSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// Handlers that are given a value in capitals wait, and what is planned for their wait happens
/// meanwhile: the others' turns, a commit, the end of the task.
class LanesTest {

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp app = new TestApp(surroundings);
  private final List<String> begun = new ArrayList<>();

  private void handle(ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) {
    String value = text(event.value());
    begun.add(value);
    effects.send(OUTPUT, bytes("before"), event.value());
    if (Character.isUpperCase(value.charAt(0))) {
      effects.sleep(Duration.ofSeconds(1));
    }
    effects.send(OUTPUT, bytes("after"), event.value());
  }

  @Test
  void commitsWhatHasEndedPastAnEventThatHangs() {
    Task task = app.concurrency(3).agent(this::handle).begun(5);
    List<TaskEpoch> sealed = new ArrayList<>();
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      sealed.add(sealed(task));
      assertThat(task.seal()).as("nothing more has ended").isNull();
    });

    task.offer(records(5, "A", "b", "c"), 8);
    surroundings.runAll();

    assertThat(sealed)
        .singleElement()
        .satisfies(past -> {
          assertThat(past.progress()).isEqualTo(new Progress(5, 8, List.of(5L)));
          assertThat(sent(past)).containsExactly("b", "b", "c", "c");
        });
    TaskEpoch rest = sealed(task);
    assertThat(rest.progress()).isEqualTo(Progress.at(8));
    assertThat(sent(rest)).containsExactly("A", "A");
  }

  @Test
  void eventsOfALaneKeepTheirOrderAndNeverOverlap() {
    Task task = app.concurrency(8).agent(this::handle).begun(0);
    List<String> meanwhile = new ArrayList<>();
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      meanwhile.addAll(begun);
    });

    task.offer(
        List.of(
            record(0, "k", "A"), record(1, "k", "b"), record(2, "other", "c"), record(3, "k", "d")),
        4);
    surroundings.runAll();

    assertThat(meanwhile).containsExactly("A", "c");
    assertThat(begun).containsExactly("A", "c", "b", "d");
    assertThat(sent(sealed(task))).containsExactly("c", "c", "A", "A", "b", "b", "d", "d");
  }

  @Test
  void handlesNoMoreEventsAtATimeThanItMay() {
    Task task = app.concurrency(2).agent(this::handle).begun(0);
    surroundings.inNextWait(() -> {
      assertThat(surroundings.waiting()).as("beside this one").isEqualTo(1);
    });

    task.offer(records(0, "A", "b", "c", "d"), 4);
    surroundings.runAll();

    assertThat(begun).containsExactlyInAnyOrder("A", "b", "c", "d");
    assertThat(sealed(task).progress()).isEqualTo(Progress.at(4));
  }

  @Test
  void handsOnWhatAnEventWroteToTheNextOfItsLane() {
    app.table(TableSpec.plain("t"))
        .concurrency(4)
        .agent((event, effects) -> {
          EventTable table = effects.table("t");
          table.requireOwn(event.key());
          ByteKey key = key(text(event.key()));
          String before = table.read(key, Codecs.utf8());
          table.write(key, (before == null ? "" : before) + text(event.value()), Codecs.utf8());
          effects.send(OUTPUT, event.key(), bytes(table.read(key, Codecs.utf8()) + ""));
        });
    Task task = app.begun(0);

    task.offer(
        List.of(record(0, "k", "1"), record(1, "l", "x"), record(2, "k", "2"), record(3, "k", "3")),
        4);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sent(sealed)).containsExactlyInAnyOrder("1", "x", "12", "123");
    assertThat(sealed.changes().get("t"))
        .extracting(change -> text(change.value()))
        .containsExactlyInAnyOrder("123", "x");
    task.offer(List.of(record(4, "k", "4")), 5);
    surroundings.runAll();
    assertThat(sent(sealed(task))).containsExactly("1234");
  }

  @Test
  void refusesATableUnderAnotherKeyThanTheLanes() {
    app.table(TableSpec.plain("t"))
        .concurrency(2)
        .agent((_, effects) -> effects.table("t").requireOwn(bytes("another")));
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    Output letter = sealed(task).outputs().getFirst();
    assertThat(text(requireNonNull(letter.headers().lastHeader(DeadLetter.REASON)).value()))
        .contains("table t", "lane of key 'a'", "touches key 'another'", "laneBy");
  }

  @Test
  void touchesATableUnderTheLaneThatItNames() {
    app.table(TableSpec.plain("t"))
        .lanes(new LaneSpec(2, ConsumerRecord::value, null))
        .agent((event, effects) -> {
          effects.table("t").requireOwn(event.value());
          effects.table("t").write(StoreKeys.plain(event.value()), "seen", Codecs.utf8());
        });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "k", "red"), record(1, "l", "red")), 2);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sealed.outputs()).isEmpty();
    assertThat(sealed.changes().get("t"))
        .singleElement()
        .satisfies(change -> assertThat(change.lastOffset()).isEqualTo(1));
  }

  @Test
  void dropsTheEffectsOfAFailedAttempt() {
    app.table(TableSpec.plain("t"))
        .concurrency(2)
        .agent(
            new FailurePolicy.DeadLetter(1, Duration.ofMillis(10)),
            (event, effects) -> {
              boolean first = !begun.contains(text(event.value()));
              handle(event, effects);
              effects.table("t").write(key(first ? "first" : "second"), "x", Codecs.utf8());
              if (first) {
                throw new IllegalStateException("once");
              }
            });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sent(sealed)).containsExactly("a", "a");
    assertThat(sealed.changes().get("t"))
        .extracting(StagedChange::key)
        .containsExactly(key("second"));
  }

  @Test
  void skipsExactlyWhatThePredecessorHasDone() {
    Task task =
        app.concurrency(4).agent(this::handle).begun(0, new Progress(1, 6, List.of(1L, 4L)));

    task.offer(records(1, "a", "b", "c", "d", "e", "f", "g"), 8);
    surroundings.runAll();

    assertThat(begun).containsExactly("a", "d", "f", "g");
    assertThat(sealed(task).progress()).isEqualTo(Progress.at(8));
  }

  @Test
  void skipsItAlsoWhereEventsComeOneAfterAnother() {
    app.table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          handle(event, effects);
          effects.table("t").requireOwn(bytes("any key"));
        });
    Task task = app.begun(0, new Progress(1, 4, List.of(1L)));
    surroundings.inNextWait(surroundings::runAll);

    task.offer(records(1, "A", "b", "c", "d", "e"), 6);
    surroundings.runAll();

    assertThat(begun).as("without overlap").containsExactly("A", "d", "e");
    assertThat(sent(sealed(task))).containsExactly("A", "A", "d", "d", "e", "e");
  }

  @Test
  void countsSkippedEventsIntoStreamTime() {
    List<Long> streamTimes = new ArrayList<>();
    app.concurrency(2).agent((_, effects) -> streamTimes.add(effects.streamTime()));
    Task task = app.begun(0, new Progress(0, 3, List.of(0L, 2L)));

    task.offer(
        List.of(record(0, 10, "a", "a"), record(1, 500, "b", "b"), record(2, 20, "c", "c")), 3);
    surroundings.runAll();

    assertThat(streamTimes).containsExactly(10L, 500L);
  }

  @Test
  void dropsWindowsByTheStreamTimeBelowWhichNothingIsUnfinished() {
    List<String> written = new ArrayList<>();
    app.table(TableSpec.windowed("w", 10, 0))
        .concurrency(2)
        .agent((event, effects) -> {
          ByteKey window = StoreKeys.windowed(event.timestamp() / 10 * 10, event.key());
          String before = effects.table("w").read(window, Codecs.utf8());
          if (text(event.value()).equals("A")) {
            effects.sleep(Duration.ofSeconds(1));
          }
          written.add((before == null ? "" : before) + "+");
          effects.table("w").write(window, written.getLast(), Codecs.utf8());
        });
    Task task = app.begun(0);
    task.offer(List.of(record(0, 5, "k", "a")), 1);
    surroundings.runAll();
    sealed(task);
    List<TaskEpoch> past = new ArrayList<>();
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      past.add(sealed(task));
    });

    // while the second event of the first window waits, stream time leaves the window behind
    task.offer(List.of(record(1, 6, "k", "A"), record(2, 1_000, "l", "b")), 3);
    surroundings.runAll();

    assertThat(past.getFirst().changes().get("w"))
        .extracting(change -> text(change.value()))
        .contains("+")
        .doesNotContain("null");
    assertThat(sealed(task).changes().get("w"))
        .filteredOn(change -> change.key().equals(StoreKeys.windowed(0, bytes("k"))))
        .extracting(change -> text(change.value()))
        .as("dropped, now that both its events are in it")
        .containsExactly("null");
    assertThat(written).containsExactly("+", "+", "++");
  }

  @Test
  void dropsNothingWhileTheVeryFirstEventIsUnfinished() {
    app.table(TableSpec.windowed("w", 10, 0))
        .concurrency(3)
        .agent((event, effects) -> {
          if (text(event.value()).equals("A")) {
            effects.sleep(Duration.ofSeconds(1));
          }
          ByteKey window = StoreKeys.windowed(event.timestamp() / 10 * 10, event.key());
          effects.table("w").write(window, "+", Codecs.utf8());
        });
    Task task = app.begun(0);
    List<TaskEpoch> past = new ArrayList<>();
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      past.add(sealed(task));
    });

    task.offer(List.of(record(0, 5, "k", "A"), record(1, 6, "l", "b"), record(2, 7, "m", "c")), 3);
    surroundings.runAll();

    assertThat(past.getFirst().changes().get("w"))
        .extracting(change -> text(change.value()))
        .containsExactly("+", "+");
  }

  @Test
  void aWindowThatALateEndDropsStillStandsForItsOwnEvents() {
    app.table(TableSpec.windowed("w", 10, 0))
        .concurrency(3)
        .agent((event, effects) -> {
          if (text(event.value()).equals("A")) {
            effects.sleep(Duration.ofSeconds(1));
          }
          ByteKey window = StoreKeys.windowed(event.timestamp() / 10 * 10, event.key());
          effects.table("w").write(window, "+", Codecs.utf8());
        });
    Task task = app.begun(0);
    surroundings.inNextWait(surroundings::runAll);

    task.offer(
        List.of(record(0, 5, "k", "A"), record(1, 6, "l", "b"), record(2, 1_000, "m", "c")), 3);
    surroundings.runAll();

    assertThat(sealed(task).changes().get("w"))
        .filteredOn(change -> change.key().equals(StoreKeys.windowed(0, bytes("l"))))
        .singleElement()
        .satisfies(change -> {
          assertThat(change.value()).isNull();
          assertThat(change.firstOffset()).isEqualTo(1);
          assertThat(change.lastOffset()).isEqualTo(1);
        });
  }

  @Test
  void takesNothingOfAnEventWhoseTaskHasEnded() {
    List<Throwable> ends = new ArrayList<>();
    app.concurrency(2)
        .agent((event, effects) -> {
          try {
            handle(event, effects);
          } catch (EventAbandoned end) {
            ends.add(end);
            throw end;
          }
        });
    Task task = app.begun(0);
    surroundings.inNextWait(() -> {
      assertThat(task.isQuiet()).isFalse();
      task.retire();
    });

    task.offer(records(0, "A", "b"), 2);
    surroundings.runAll();

    assertThat(ends)
        .singleElement()
        .satisfies(end -> assertThat(end).hasMessageContaining(TASK + "@0"));
    assertThat(task.seal()).isNull();
    assertThat(task.isQuiet()).isTrue();
    assertThat(begun).containsExactly("A");
    assertThat(app.fatal()).isEmpty();
  }

  @Test
  void aLaneBeginsAgainHereOnlyWhenItsOldHandlerHasEnded() {
    app.concurrency(4).agent(this::handle);
    Task old = app.begun(0);
    surroundings.inNextWait(() -> {
      old.retire();
      Task next = app.begun(0);
      next.offer(List.of(record(0, "k", "again"), record(1, "l", "b")), 2);
      surroundings.runAll();
      assertThat(begun).containsExactly("A", "b");
    });

    old.offer(List.of(record(0, "k", "A")), 1);
    surroundings.runAll();

    assertThat(begun).containsExactly("A", "b", "again");
  }

  @Test
  void drainedItBeginsNothingAndKeepsWhatIsUnderWay() {
    Task task = app.concurrency(2).agent(this::handle).begun(0);
    surroundings.inNextWait(task::drain);

    task.offer(List.of(record(0, "k", "A"), record(1, "k", "b")), 2);
    surroundings.runAll();

    TaskEpoch sealed = sealed(task);
    assertThat(sent(sealed)).containsExactly("A", "A");
    assertThat(sealed.progress()).isEqualTo(Progress.at(1));
    assertThat(task.isQuiet()).isTrue();
  }

  @Test
  void holdsThePartitionBackWhereNoMoreMayBeUnfinished() {
    app.mailbox(new Mailbox.Bounds(100, 40), () -> {}).concurrency(2).agent(this::handle);
    Task task = app.begun(0);
    surroundings.inNextWait(() -> {
      surroundings.runAll();
      assertThat(task.isFull())
          .as("what is admitted fills its bound, the rest the mailbox")
          .isTrue();
    });

    List<ConsumerRecord<byte[], byte[]>> hot = new ArrayList<>();
    hot.add(record(0, "k", "A"));
    for (int i = 1; i < 60; i++) {
      hot.add(record(i, "k", "b"));
    }
    task.offer(hot, 60);
    surroundings.runAll();

    assertThat(begun).hasSize(60);
    assertThat(task.isFull()).isFalse();
    assertThat(sealed(task).progress()).isEqualTo(Progress.at(60));
  }

  @Test
  void aBrokenHandlerEndsTheTaskAndIsTold() {
    app.concurrency(2)
        .agent((_, _) -> {
          throw new OutOfMemoryError("as a test of the worst");
        });
    Task task = app.begun(0);

    task.offer(records(0, "a"), 1);
    surroundings.runAll();

    assertThat(task.isVoid()).isTrue();
    assertThat(task.isQuiet()).isTrue();
    assertThat(app.fatal()).singleElement().isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void anEventWhoseTimeIsUpIsADeadLetter() {
    app.concurrency(2)
        .agent(
            new FailurePolicy.DeadLetter(5, Duration.ofMillis(10)).within(Duration.ofMillis(300)),
            this::handle);
    Task task = app.begun(0);

    task.offer(records(0, "A"), 1);
    surroundings.runAll();

    assertThat(begun).containsExactly("A");
    Output letter = sealed(task).outputs().getFirst();
    assertThat(text(requireNonNull(letter.headers().lastHeader(DeadLetter.REASON)).value()))
        .contains("has used up its time");
  }

  private static TaskEpoch sealed(Task task) {
    return requireNonNull(task.seal());
  }

  private static List<String> sent(TaskEpoch epoch) {
    return epoch.outputs().stream().map(output -> text(output.value())).toList();
  }
}
