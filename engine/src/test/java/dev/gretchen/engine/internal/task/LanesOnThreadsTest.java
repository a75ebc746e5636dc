package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.RealSurroundings;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// Lanes on real threads: what the simulator, which lets one thread run at a time, cannot see.
class LanesOnThreadsTest {

  private static final int EVENTS = 40_000;
  private static final int PORTION = 8;
  private static final int KEYS = 300;
  private static final Duration BOUND = Duration.ofSeconds(60);

  private final RealSurroundings surroundings = new RealSurroundings(new FakeClients(), "w");
  private final TestApp app = new TestApp(surroundings);

  @Test
  void noEventMeetsTheEffectsOfAnother() {
    app.table(TableSpec.plain("t"))
        .concurrency(16)
        .agent((event, effects) -> {
          ByteKey key = key(text(event.key()));
          Long before = effects.table("t").read(key, Codecs.int64());
          long count = before == null ? 1 : before + 1;
          effects.table("t").write(key, count, Codecs.int64());
          effects.send(OUTPUT, event.key(), bytes(text(event.value()) + " " + count));
        });
    Task task = app.begun(0);
    Monitor done = surroundings.monitor();

    List<String> expected = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();
    // in small portions, so that seats are left and taken all the time
    for (int from = 0; from < EVENTS; from += PORTION) {
      List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
      for (int i = from; i < from + PORTION; i++) {
        String key = "k" + i % KEYS;
        batch.add(record(i, key, Integer.toString(i)));
        expected.add(i + " " + counts.merge(key, 1, Integer::sum));
      }
      task.offer(batch, from + PORTION);
      while (task.buffered() > 0) {
        Thread.onSpinWait();
      }
    }
    List<String> sent = new ArrayList<>();
    Progress reached = Progress.at(0);
    long end = surroundings.nanoTime() + BOUND.toNanos();
    while (!reached.equals(Progress.at(EVENTS)) && surroundings.nanoTime() < end) {
      done.await(() -> false, Duration.ofMillis(5));
      TaskEpoch sealed = task.seal();
      if (sealed != null) {
        sealed.outputs().forEach(output -> sent.add(text(requireNonNull(output.value()))));
        reached = sealed.progress();
      }
    }

    assertThat(app.fatal()).isEmpty();
    assertThat(reached).isEqualTo(Progress.at(EVENTS));
    assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(task.awaitQuiet(BOUND)).isTrue();
  }

  private static final FailurePolicy IN_TIME =
      new FailurePolicy.DeadLetter(3, Duration.ofMillis(1)).within(Duration.ofMillis(150));

  @Test
  void aHandlerThatBlocksIsInterruptedWhenItsTimeIsUpAndNothingOfItCounts() {
    app.concurrency(2)
        .agent(
            IN_TIME,
            (event, effects) -> {
              effects.send(OUTPUT, event.key(), event.value());
              if (text(event.value()).equals("blocks")) {
                Thread.sleep(BOUND);
              }
            });
    Task task = app.begun(0);

    task.offer(
        List.of(record(0, "k", "blocks"), record(1, "k", "next"), record(2, "l", "other")), 3);
    List<Output> sent = sentUntil(task, Progress.at(3));

    assertThat(sent).extracting(Output::topic).contains("app-dead-letters");
    assertThat(valuesTo(sent, OUTPUT)).containsExactlyInAnyOrder("next", "other");
    assertThat(valuesTo(sent, "app-dead-letters")).containsExactly("blocks");
    assertThat(header(sent, DeadLetter.REASON)).contains("DeadlinePassed", "in-0@0");
    assertThat(header(sent, DeadLetter.STACK)).contains("InterruptedException");
  }

  @Test
  void soItIsWhereEventsComeOneAfterAnother() {
    app.agent(
        IN_TIME,
        (event, effects) -> {
          effects.send(OUTPUT, event.key(), event.value());
          if (text(event.value()).equals("blocks")) {
            Thread.sleep(BOUND);
          }
        });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "k", "blocks"), record(1, "k", "next")), 2);
    List<Output> sent = sentUntil(task, Progress.at(2));

    assertThat(valuesTo(sent, OUTPUT)).containsExactly("next");
    assertThat(valuesTo(sent, "app-dead-letters")).containsExactly("blocks");
  }

  @Test
  void aHandlerThatSwallowsTheInterruptIsDeadToo() {
    app.concurrency(2)
        .agent(
            IN_TIME,
            (event, effects) -> {
              effects.send(OUTPUT, event.key(), event.value());
              try {
                Thread.sleep(BOUND);
              } catch (InterruptedException _) {
                // and returns as if all were well
              }
            });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "k", "swallows")), 1);
    List<Output> sent = sentUntil(task, Progress.at(1));

    assertThat(valuesTo(sent, OUTPUT)).isEmpty();
    assertThat(valuesTo(sent, "app-dead-letters")).containsExactly("swallows");
  }

  @Test
  void aHandlerThatPaysNoHeedHoldsUpItsLaneAloneAndIsAStraggler() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<String> begun = new CopyOnWriteArrayList<>();
    app.concurrency(2)
        .agent(
            IN_TIME,
            (event, effects) -> {
              begun.add(text(event.value()));
              effects.send(OUTPUT, event.key(), event.value());
              if (text(event.value()).equals("deaf")) {
                awaitDeaf(release);
              }
            });
    Task task = app.begun(0);

    task.offer(List.of(record(0, "k", "deaf"), record(1, "k", "next"), record(2, "l", "x")), 3);
    List<Output> sent = sentUntil(task, new Progress(0, 3, List.of(0L, 1L)));
    surroundings.monitor().await(() -> false, Duration.ofMillis(400));
    assertThat(begun).as("long past the deadline").containsExactlyInAnyOrder("deaf", "x");
    assertThat(valuesTo(sent, OUTPUT)).containsExactly("x");

    task.retire();
    Task next = app.begun(0, new Progress(0, 3, List.of(0L, 1L)));
    next.offer(List.of(record(0, "k", "again"), record(1, "k", "next"), record(2, "l", "x")), 3);
    next.offer(List.of(record(3, "l", "y")), 4);
    assertThat(valuesTo(sentUntil(next, new Progress(0, 4, List.of(0L, 1L))), OUTPUT))
        .containsExactly("y");
    release.countDown();

    assertThat(valuesTo(sentUntil(next, Progress.at(4)), OUTPUT)).containsExactly("again", "next");
    assertThat(begun).containsExactlyInAnyOrder("deaf", "x", "y", "again", "next");
    assertThat(app.fatal()).isEmpty();
  }

  @Test
  void aHandlerWhoseTaskHasEndedIsInterruptedAndMakesRoomForItsSuccessor() {
    List<String> ends = new CopyOnWriteArrayList<>();
    app.concurrency(2)
        .agent((event, effects) -> {
          if (text(event.value()).equals("blocks")) {
            try {
              Thread.sleep(BOUND);
            } catch (InterruptedException interrupted) {
              ends.add(text(event.value()));
              throw interrupted;
            }
          }
          effects.send(OUTPUT, event.key(), event.value());
        });
    Task task = app.begun(0);
    task.offer(List.of(record(0, "k", "blocks"), record(1, "l", "x")), 2);
    sentUntil(task, new Progress(0, 2, List.of(0L)));

    task.retire();
    Task next = app.begun(0, new Progress(0, 2, List.of(0L)));
    next.offer(List.of(record(0, "k", "again"), record(1, "l", "x")), 2);

    assertThat(valuesTo(sentUntil(next, Progress.at(2)), OUTPUT)).containsExactly("again");
    assertThat(ends).containsExactly("blocks");
    assertThat(task.seal()).isNull();
    assertThat(app.fatal()).isEmpty();
  }

  private static void awaitDeaf(CountDownLatch release) {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException _) {
        // deaf
      }
    }
  }

  private List<Output> sentUntil(Task task, Progress goal) {
    List<Output> sent = new ArrayList<>();
    Monitor done = surroundings.monitor();
    Progress reached = null;
    long end = surroundings.nanoTime() + BOUND.toNanos();
    while (!goal.equals(reached) && surroundings.nanoTime() < end) {
      done.await(() -> false, Duration.ofMillis(2));
      TaskEpoch sealed = task.seal();
      if (sealed != null) {
        sent.addAll(sealed.outputs());
        reached = sealed.progress();
      }
    }
    assertThat(reached).isEqualTo(goal);
    return sent;
  }

  private static List<String> valuesTo(List<Output> sent, String topic) {
    return sent.stream()
        .filter(output -> output.topic().equals(topic))
        .map(output -> text(output.value()))
        .toList();
  }

  private static String header(List<Output> sent, String name) {
    return sent.stream()
        .map(output -> output.headers().lastHeader(name))
        .filter(Objects::nonNull)
        .map(header -> text(header.value()))
        .findFirst()
        .orElse("");
  }
}
