package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
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
}
