package dev.gretchen.engine.internal.task;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static dev.gretchen.engine.internal.task.TaskTest.sealed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Windows of a task: when they are dropped, and that stream time goes with the data.
class TaskWindowsTest {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60_000;

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp app = new TestApp(surroundings);
  private long offset;

  @Test
  void dropsAWindowWhenStreamTimeHasPassedItsEndByTheRetention() {
    Task task = countingPer(TableSpec.windowed("t", SECOND, 2_500));

    commit(handle(task, 0, 999, 1_000));
    assertThat(windows("t")).containsExactly(0L, 1_000L);
    commit(handle(task, 3_499));
    assertThat(windows("t")).as("one millisecond before").containsExactly(0L, 1_000L, 3_000L);
    commit(handle(task, 3_500));
    assertThat(windows("t")).as("to the millisecond").containsExactly(1_000L, 3_000L);
  }

  @Test
  void dropsWindowsOfEachTableByItsOwnSize() {
    app.table(TableSpec.windowed("long", 10 * MINUTE, 0))
        .table(TableSpec.windowed("short", SECOND, 0))
        .table(TableSpec.windowed("short too", SECOND, 0))
        .agent((event, effects) -> {
          for (String table : List.of("long", "short", "short too")) {
            long size = table.equals("long") ? 10 * MINUTE : SECOND;
            effects
                .table(table)
                .write(
                    StoreKeys.windowed(event.timestamp() / size * size, bytes("k")),
                    event.value(),
                    Codecs.bytes());
          }
        });
    Task task = app.begun(0);

    for (long at = 0; at < 10 * SECOND; at += SECOND) {
      commit(handle(task, at));
    }

    assertThat(windows("long")).containsExactly(0L);
    assertThat(windows("short")).containsExactly(9_000L);
    assertThat(windows("short too")).containsExactly(9_000L);
  }

  @Test
  void dropsWindowsThatExpireBeforeTheirFirstCommit() {
    Task task = countingPer(TableSpec.windowed("t", SECOND, 0));

    // both in one epoch: the store has never seen the first
    commit(handle(task, 0, 100 * SECOND));

    assertThat(windows("t")).containsExactly(100 * SECOND);
  }

  @Test
  void spreadsTheExpiryOfManyWindowsAndFindsNoneTwice() {
    Task task = countingPer(TableSpec.windowed("t", SECOND, 0));
    long[] many = new long[1_200];
    for (int i = 0; i < many.length; i++) {
      many[i] = i % 900;
    }
    // 1,200 keys of one window
    for (int i = 0; i < many.length; i++) {
      task.offer(List.of(record(offset, many[i], "key" + i, "v")), offset + 1);
      offset++;
    }
    surroundings.runAll();
    commit(sealed(task));
    assertThat(keysOf("t")).hasSize(1_200);

    TaskEpoch first = handle(task, 10 * SECOND);
    long tombstones = tombstones(first);
    assertThat(tombstones).isEqualTo(500);
    // not applied yet: the next events must go on behind, not begin again
    TaskEpoch second = handle(task, 10 * SECOND, 10 * SECOND, 10 * SECOND);
    assertThat(tombstones(second)).isEqualTo(700);
    commit(first);
    commit(second);

    assertThat(windows("t")).containsExactly(10 * SECOND);
  }

  @Test
  void keepsStreamTimeWithTheDataAndTakesItUpAgain() {
    Task first = countingPer(TableSpec.windowed("t", SECOND, 2 * SECOND));
    TaskEpoch epoch = handle(first, 5_000, 4_000);
    StagedChange streamTime =
        requireNonNull(epoch.changes().get("t")).stream()
            .filter(change -> change.key().equals(StoreKeys.STREAM_TIME))
            .findFirst()
            .orElseThrow();
    assertThat(ByteBuffer.wrap(requireNonNull(streamTime.value())).getLong()).isEqualTo(5_000);
    commit(epoch);
    assertThat(requireNonNull(handle(first, 4_500).changes().get("t")))
        .extracting(StagedChange::key)
        .as("unchanged, so not written again")
        .doesNotContain(StoreKeys.STREAM_TIME);
    first.retire();

    List<Long> seen = new ArrayList<>();
    TestApp again = new TestApp(surroundings);
    again
        .tokensAfter(first.token())
        .table(TableSpec.windowed("t", SECOND, 2 * SECOND))
        .agent((_, effects) -> seen.add(effects.streamTime()));
    Task second = again.task(0, Map.of("t", app.store().partition("t", 0)));
    second.begin(2);
    second.offer(List.of(record(2, 1_000, "k", "v"), record(3, 6_000, "k", "v")), 4);
    surroundings.runAll();

    assertThat(seen).containsExactly(5_000L, 6_000L);
  }

  @Test
  void writesNoStreamTimeWhereNoTableHasWindows() {
    app.table(TableSpec.plain("t"))
        .agent((event, effects) -> effects.send("out", event.key(), event.value()));
    Task task = app.begun(0);

    assertThat(handle(task, 1_000).changes().values()).allMatch(List::isEmpty);
  }

  @Test
  void leavesNoHalfAnEventWhereTheStoreFailsWhileWindowsExpire() {
    app.table(TableSpec.windowed("t", SECOND, 0))
        .agent((event, effects) -> effects.send("out", event.key(), event.value()));
    Broken store = new Broken(app.store().partition("t", 0));
    Task task = app.task(0, Map.of("t", store));
    task.begin(0);
    handle(task, 100);

    store.broken = true;
    task.offer(List.of(record(1, 200, "k", "v"), record(2, 5_000, "k", "v")), 3);
    surroundings.runAll();

    assertThat(app.fatal()).singleElement().isInstanceOf(StoreUnavailable.class);
    assertThat(task.seal()).as("the outputs of the failed event must not go out").isNull();
  }

  @Test
  void isNotDeclaredForEveryAgent() {
    app.agent((_, effects) -> effects.table("other"));
    Task task = app.begun(0);

    TaskEpoch epoch = handle(task, 0);

    assertThat(
            text(
                epoch
                    .outputs()
                    .getFirst()
                    .headers()
                    .lastHeader("gretchen-dead-letter-reason")
                    .value()))
        .contains("table other is not declared", "uses(...)");
    assertThatThrownBy(() -> CurrentEvent.required("table other"))
        .hasMessageContaining("inside a handler only");
  }

  private Task countingPer(TableSpec table) {
    WindowSpec.Aligned windows = requireNonNull(table.aligned());
    app.table(table)
        .agent((event, effects) -> {
          long start = windows.lastStart(event.timestamp());
          if (!windows.isClosed(start, effects.streamTime())) {
            effects
                .table(table.name())
                .write(StoreKeys.windowed(start, event.key()), event.value(), Codecs.bytes());
          }
        });
    return app.begun(0);
  }

  /// Handles events of one key with these timestamps.
  private TaskEpoch handle(Task task, long... timestamps) {
    for (long at : timestamps) {
      task.offer(List.of(record(offset, at, "k", "v")), offset + 1);
      offset++;
    }
    surroundings.runAll();
    return sealed(task);
  }

  private void commit(TaskEpoch epoch) {
    epoch
        .changes()
        .forEach((table, changes) -> {
          List<Change> batch = new ArrayList<>();
          changes.forEach(change -> batch.add(new Change(change.key(), change.value())));
          app.store()
              .partition(table, 0)
              .apply(epoch.task().token(), batch, new Position(new Uuid(1, 1), 1, 1));
        });
    epoch.task().applied();
  }

  private static long tombstones(TaskEpoch epoch) {
    return epoch.changes().getOrDefault("t", List.of()).stream()
        .filter(change -> change.value() == null)
        .count();
  }

  private List<Long> windows(String table) {
    return keysOf(table).stream().map(StoreKeys::windowStart).distinct().toList();
  }

  private List<byte[]> keysOf(String table) {
    return app.store()
        .partition(table, 0)
        .keys(new byte[] {StoreKeys.WINDOWED}, _ -> true, Integer.MAX_VALUE);
  }

  /// A store whose disk fails when it is told to.
  private static final class Broken implements StorePartition {

    private final StorePartition store;
    private boolean broken;

    Broken(StorePartition store) {
      this.store = store;
    }

    @Override
    public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
      if (broken) {
        throw new StoreUnavailable("disk failed", new IllegalStateException());
      }
      return store.keys(from, whileTrue, limit);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return store.get(key);
    }

    @Override
    public Position position() {
      return store.position();
    }

    @Override
    public void claim(long claim) {
      store.claim(claim);
    }

    @Override
    public boolean apply(long claim, List<Change> changes, Position position) {
      return store.apply(claim, changes, position);
    }

    @Override
    public void touch(long claim, long caughtUpAtMillis) {
      store.touch(claim, caughtUpAtMillis);
    }

    @Override
    public void wipe(long claim) {
      store.wipe(claim);
    }

    @Override
    public Snapshot snapshot() {
      return store.snapshot();
    }
  }
}
