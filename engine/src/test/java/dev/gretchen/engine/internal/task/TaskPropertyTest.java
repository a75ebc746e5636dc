package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;

/// Whatever batches, failing handlers, seals, late applications, resets and drains come in whatever
/// order: what was committed is what one sequential run would have done, once.
class TaskPropertyTest {

  private static final int EVENTS = 120;
  private static final int KEYS = 7;

  @Property(tries = 300)
  void commitsWhatASequentialRunWouldHaveDone(@ForAll long seed) {
    new Run(seed).play();
  }

  /// One run: a log of events, a task that is now and then voided and made anew from the committed
  /// offset, and what its commits have made visible.
  private static final class Run {

    private final RandomGenerator random;
    private final FakeSurroundings surroundings = new FakeSurroundings();
    private final Budget budget = new Budget(3_000, () -> {}, () -> tasks().forEach(Task::wake));
    private final TestApp app = new TestApp(surroundings);
    private final Map<Long, Integer> failures = new HashMap<>();
    private final ArrayDeque<TaskEpoch> sealed = new ArrayDeque<>();
    private final List<String> outputs = new ArrayList<>();
    private final Map<String, String> changelog = new TreeMap<>();
    private long committed;
    private long changelogEnd;
    private long fetched;
    private Task task;

    Run(long seed) {
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      app.budget(budget)
          .table(TableSpec.plain("t"))
          .agent(new FailurePolicy.DeadLetter(2, Duration.ofMillis(1)), this::handle);
      task = app.begun(0);
    }

    private List<Task> tasks() {
      return List.of(task);
    }

    void play() {
      while (committed < EVENTS) {
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3 -> fetch();
          case 4, 5, 6 -> surroundings.runAll();
          case 7, 8 -> seal();
          case 9, 10 -> commit();
          default -> surprise();
        }
        // the poll loop and the committer never rest for good
        if (fetched == EVENTS) {
          surroundings.runAll();
          seal();
        }
      }
      while (!sealed.isEmpty()) {
        commit();
      }
      assertThat(committed).isEqualTo(EVENTS);
      assertThat(outputs).isEqualTo(sequentialOutputs());
      assertThat(changelog).isEqualTo(sequentialTable());
      Map<String, String> stored = new TreeMap<>();
      app.store()
          .partition("t", 0)
          .snapshot()
          .forEach((key, value) -> stored.put(text(key).substring(1), text(value)));
      assertThat(stored).isEqualTo(changelog);
      task.retire();
      assertThat(budget.heldBytes()).as("no byte of the budget is lost").isZero();
    }

    /// Counts by key, sends the count; fails as often as the event says.
    private void handle(ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) {
      byte[] before = effects.table("t").read(key(text(event.key())), Codecs.bytes());
      long count = before == null ? 0 : Long.parseLong(text(before));
      String after = Long.toString(count + 1);
      effects.table("t").write(key(text(event.key())), bytes(after), Codecs.bytes());
      effects.send(OUTPUT, event.key(), bytes(after));
      if (failures.merge(event.offset(), 1, Integer::sum) <= failuresOf(event.offset())) {
        throw new IllegalStateException("fails " + failuresOf(event.offset()) + " times");
      }
      failures.remove(event.offset());
    }

    /// Most events succeed at once, some after retries, some never.
    private static int failuresOf(long offset) {
      return switch ((int) (offset % 10)) {
        case 3 -> 1;
        case 6 -> 2;
        case 8 -> 1_000_000;
        default -> 0;
      };
    }

    private void fetch() {
      List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
      for (int size = random.nextInt(15); size > 0 && fetched < EVENTS; size--) {
        batch.add(record(fetched, keyOf(fetched), "v"));
        fetched++;
      }
      task.offer(batch, fetched);
    }

    private void seal() {
      TaskEpoch next = task.seal();
      if (next != null) {
        sealed.add(next);
      }
    }

    private void commit() {
      TaskEpoch epoch = sealed.poll();
      if (epoch == null) {
        return;
      }
      if (epoch.task().isVoid()) {
        budget.release(epoch.bytes());
        return;
      }
      assertThat(epoch.nextOffset()).as("offsets never go back").isGreaterThan(committed);
      committed = epoch.nextOffset();
      epoch
          .outputs()
          .forEach(output ->
              outputs.add(
                  output.topic() + "@" + output.sourceOffset() + "=" + text(output.value())));
      List<Change> batch = new ArrayList<>();
      epoch
          .changes()
          .getOrDefault("t", List.of())
          .forEach(change -> {
            batch.add(new Change(change.key(), change.value()));
            changelog.put(text(change.key().bytes()).substring(1), text(change.value()));
            changelogEnd++;
          });
      app.store()
          .partition("t", 0)
          .apply(epoch.task().token(), batch, new Position(new Uuid(1, 1), changelogEnd, 1));
      epoch.task().applied();
      budget.release(epoch.bytes());
    }

    /// The partition is lost and regained, at once or after a drain, or in the middle of a retry.
    private void surprise() {
      switch (random.nextInt(3)) {
        case 0 -> beginAnew();
        case 1 -> {
          task.drain();
          surroundings.runAll();
          seal();
          while (!sealed.isEmpty()) {
            commit();
          }
          beginAnew();
        }
        default -> {
          Task now = task;
          surroundings.inNextWait(random.nextBoolean() ? now::drain : now::retire);
          surroundings.runAll();
          if (now.stage() != Task.Stage.RUNNING) {
            seal();
            beginAnew();
          }
        }
      }
    }

    private void beginAnew() {
      // what is sealed and not committed goes with its incarnation
      task.retire();
      while (!sealed.isEmpty()) {
        commit();
      }
      failures.clear();
      fetched = committed;
      task = app.begun(committed);
    }

    private static String keyOf(long offset) {
      return "key" + offset * 31 % KEYS;
    }

    private static List<String> sequentialOutputs() {
      Map<String, Long> counts = new HashMap<>();
      List<String> expected = new ArrayList<>();
      for (long offset = 0; offset < EVENTS; offset++) {
        expected.add(
            failuresOf(offset) > 2
                ? "app-dead-letters@" + offset + "=v"
                : OUTPUT + "@" + offset + "=" + counts.merge(keyOf(offset), 1L, Long::sum));
      }
      return expected;
    }

    private static Map<String, String> sequentialTable() {
      Map<String, Long> counts = new TreeMap<>();
      for (long offset = 0; offset < EVENTS; offset++) {
        if (failuresOf(offset) <= 2) {
          counts.merge(keyOf(offset), 1L, Long::sum);
        }
      }
      Map<String, String> table = new TreeMap<>();
      counts.forEach((key, count) -> table.put(key, count.toString()));
      return table;
    }
  }
}
