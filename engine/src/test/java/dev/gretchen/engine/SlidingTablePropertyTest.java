package dev.gretchen.engine;

import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Sliding tables against the events themselves.
class SlidingTablePropertyTest {

  private record Counted(long time, long value) {}

  @Property(tries = 200)
  void unitesWhatCameWithinTheStretchThatEndsWithTheEvent(
      @ForAll @IntRange(min = 1, max = 5) int step,
      @ForAll @IntRange(min = 1, max = 6) int steps,
      @ForAll @IntRange(min = 0, max = 20) int retention,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 80) Integer> times) {
    int size = step * steps;
    App app = App.named("app");
    Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
    SlidingTable<String, Long> sums =
        app.table("t", Codecs.utf8(), Codecs.int64(), () -> 0L)
            .sliding(Duration.ofMillis(size), Duration.ofMillis(step), Long::sum)
            .retained(Duration.ofMillis(retention));
    app.agent("a", in, _ -> {}).uses(sums);
    List<Optional<Long>> told = new ArrayList<>();
    FakeSurroundings surroundings = new FakeSurroundings();
    TestApp running = new TestApp(surroundings);
    Objects.requireNonNull(app.topology().tablesByTopic().get("in")).forEach(running::table);
    running.agent((event, _) -> told.add(sums.merge("k", event.offset() + 1, Long::sum)));
    Task task = running.begun(0);

    List<Optional<Long>> expected = new ArrayList<>();
    List<Counted> counted = new ArrayList<>();
    long streamTime = 0;
    for (int i = 0; i < times.size(); i++) {
      long time = times.get(i);
      task.offer(List.of(record(i, time, "k", "v")), i + 1);
      streamTime = Math.max(streamTime, time);
      long end = (time / step + 1) * step;
      if (end + size - step + retention <= streamTime) {
        expected.add(Optional.empty());
        continue;
      }
      counted.add(new Counted(time, i + 1));
      long now = streamTime;
      expected.add(
          Optional.of(
              counted.stream()
                  .filter(each -> each.time() < end && each.time() >= end - size)
                  .filter(each -> (each.time() / step + 1) * step + size - step + retention > now)
                  .mapToLong(Counted::value)
                  .sum()));
    }
    surroundings.runAll();

    assertThat(running.fatal()).isEmpty();
    assertThat(told).isEqualTo(expected);
  }

  @Test
  void refusesAStretchThatTheStepDoesNotDivide() {
    Table<String, Long> table =
        App.named("app").table("t", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Duration size = Duration.ofMillis(10);

    assertThatThrownBy(() -> table.sliding(size, Duration.ofMillis(3), Long::sum).retained(size))
        .hasMessageContaining("table t: the size is a multiple of the step");
    assertThatThrownBy(() -> table.sliding(size, Duration.ofMillis(20), Long::sum).retained(size))
        .hasMessageContaining("the size is a multiple of the step");
    assertThatThrownBy(() -> table.sliding(size, Duration.ZERO, Long::sum).retained(size))
        .hasMessageContaining("at least 1 ms");
  }
}
