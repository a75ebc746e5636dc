package dev.gretchen.engine;

import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Output;
import dev.gretchen.engine.internal.task.StagedChange;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskContext;
import dev.gretchen.engine.internal.task.TaskEpoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What tables of windows write to their changelog, commit by commit, and what they leave.
class WindowChangesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final App app = App.named("app");
  private final Topic<String, String> in = app.topic("in", Codecs.utf8(), Codecs.utf8());
  private final Table<String, String> table =
      app.table("t", Codecs.utf8(), Codecs.utf8(), () -> "");
  private final List<String> closed = new ArrayList<>();
  private final TestApp running = new TestApp(surroundings);

  /// Key -> last value, as a compacted changelog holds them.
  private final TreeMap<ByteKey, byte[]> changelog = new TreeMap<>();

  private long offset;

  private Task begun(WindowedTable<String, String> windows) {
    app.agent("a", in, _ -> {}).uses(windows);
    return begun(() -> windows.merge("k", "+", String::concat));
  }

  private Task begun(SessionTable<String, String> sessions) {
    app.agent("a", in, _ -> {}).uses(sessions);
    return begun(() -> sessions.merge("k", "+", String::concat));
  }

  private Task begun(Runnable merge) {
    Objects.requireNonNull(app.topology().tablesByTopic().get("in")).forEach(running::table);
    running.agent((_, _) -> merge.run());
    return running.begun(0);
  }

  private void tell(ClosedWindow<String, String> window) {
    closed.add(window.window().start() + "-" + window.window().end() + window.value());
  }

  @Test
  void aWindowWhoseClosingWasNotCommittedIsClosedAgainByTheSuccessor() {
    Task first = begun(table.tumbling(SECOND).retained(Duration.ZERO).onClose(this::tell));
    commit(handle(first, 100));
    TaskEpoch lost = handle(first, 1_000);
    assertThat(closed).containsExactly("0-1000+");
    assertThat(lost.changes().get("t"))
        .filteredOn(change -> change.value() == null)
        .extracting(StagedChange::key)
        .containsExactly(StoreKeys.windowed(0, TestApp.bytes("k")));
    first.retire();

    Task second = running.begun(1);
    offset = 1;
    commit(handle(second, 1_000));
    assertThat(closed).containsExactly("0-1000+", "0-1000+");
    second.retire();

    running.begun(2);
    surroundings.runAll();
    assertThat(closed).as("committed: never again").hasSize(2);
  }

  @Test
  void whatBrokersRefuseOfOneWindowIsNotHeldAgainstThoseThatEndWithIt() {
    Topic<String, String> out = app.topic("out", Codecs.utf8(), Codecs.utf8());
    WindowedTable<String, String> windows =
        table
            .tumbling(SECOND)
            .retained(Duration.ZERO)
            .onClose(window -> out.send(window.key(), window.value()));
    app.agent("a", in, _ -> {}).uses(windows);
    AtomicLong refused = new AtomicLong(-1);
    running.poisoned(
        (_, place) -> place == refused.get() ? new TaskContext.Refusal("too large", false) : null);
    Task first =
        begun(() -> {
          windows.merge("k", "+", String::concat);
          windows.merge("l", "+", String::concat);
        });
    commit(handle(first, 100));
    TaskEpoch lost = handle(first, 1_000);
    assertThat(lost.outputs()).extracting(Output::topic).containsExactly("out", "out");
    refused.set(lost.outputs().getFirst().sourceOffset());
    first.retire();

    offset = 1;
    TaskEpoch again = handle(running.begun(1), 1_000);
    assertThat(again.outputs())
        .extracting(Output::topic)
        .containsExactly("app-dead-letters", "out");
  }

  @Test
  void aWindowThatOutlivesItsCloseIsNotClosedAgain() {
    Task first =
        begun(
            table
                .tumbling(SECOND)
                .grace(Duration.ZERO)
                .retained(SECOND.multipliedBy(100))
                .onClose(this::tell));
    commit(handle(first, 100, 1_100, 2_100));
    assertThat(closed).containsExactly("0-1000+", "1000-2000+");
    commit(handle(first, 2_200));
    first.retire();

    Task second = running.begun(4);
    commit(handle(second, 3_000));

    assertThat(closed).containsExactly("0-1000+", "1000-2000+", "2000-3000++");
    assertThat(data()).as("all are kept").hasSize(4);
  }

  @Test
  void theSuccessorClosesWhatIsDueWithoutWaitingForAnEvent() {
    WindowedTable<String, String> windows =
        table.tumbling(SECOND).grace(SECOND.multipliedBy(9)).retained(SECOND.multipliedBy(100));
    Task first = begun(windows);
    commit(handle(first, 100, 5_000));
    first.retire();

    // the app was changed meanwhile: its windows close, and earlier
    App changed = App.named("app");
    Topic<String, String> again = changed.topic("in", Codecs.utf8(), Codecs.utf8());
    WindowedTable<String, String> closing =
        changed
            .table("t", Codecs.utf8(), Codecs.utf8(), () -> "")
            .tumbling(SECOND)
            .grace(SECOND)
            .retained(SECOND.multipliedBy(100))
            .onClose(this::tell);
    changed.agent("a", again, _ -> {}).uses(closing);
    TestApp next = new TestApp(surroundings).tokensAfter(first.token());
    Objects.requireNonNull(changed.topology().tablesByTopic().get("in")).forEach(next::table);
    next.agent((_, _) -> {});
    Task second = next.task(0, Map.of("t", partition()));
    partition().claim(second.token());
    second.begin(2);
    surroundings.runAll();

    assertThat(closed).containsExactly("0-1000+");
    TaskEpoch sealed = Objects.requireNonNull(second.seal());
    assertThat(sealed.nextOffset()).as("no event was handled").isEqualTo(2);
    assertThat(sealed.changes().get("t"))
        .extracting(StagedChange::key)
        .containsExactly(StoreKeys.CLOSED_UP_TO);
    assertThat(second.seal()).isNull();
  }

  @Test
  void tenThousandWindowsLeaveNeitherStoreNorChangelog() {
    Task task =
        begun(
            table
                .hopping(SECOND.multipliedBy(2), SECOND)
                .grace(SECOND)
                .retained(SECOND.multipliedBy(2))
                .onClose(this::tell));

    for (int i = 0; i < 10_000; i++) {
      offer(task, i * 1_000L);
      if (i % 50 == 49) {
        surroundings.runAll();
        commit(Objects.requireNonNull(task.seal()));
      }
    }

    assertThat(closed).hasSize(10_000 - 3).doesNotHaveDuplicates();
    assertThat(store()).hasSizeLessThan(10);
    assertThat(changelog).as("what compaction leaves of it").hasSizeLessThan(10);
  }

  @Test
  void tenThousandSessionsLeaveNeitherStoreNorChangelog() {
    Task task = begun(table.sessions(SECOND, String::concat).retained(SECOND).onClose(this::tell));

    for (int i = 0; i < 10_000; i++) {
      offer(task, i * 3_000L, i * 3_000L + 900);
      if (i % 50 == 49) {
        surroundings.runAll();
        commit(Objects.requireNonNull(task.seal()));
      }
    }

    assertThat(closed).hasSize(9_999).doesNotHaveDuplicates().allMatch(each -> each.endsWith("++"));
    assertThat(store()).hasSizeLessThan(10);
    assertThat(changelog).hasSizeLessThan(10);
  }

  @Test
  void aSessionThatGrowsIsOneChangeOfACommit() {
    Task task = begun(table.sessions(SECOND, String::concat).retained(SECOND));
    commit(handle(task, 1_000));

    TaskEpoch grown = handle(task, 1_500, 1_700);

    assertThat(grown.changes().get("t"))
        .extracting(StagedChange::key)
        .containsExactly(StoreKeys.windowed(1_000, TestApp.bytes("k")), StoreKeys.STREAM_TIME);
    commit(grown);

    // past the moment at which it would have closed, had it not grown
    commit(handle(task, 2_600));
    commit(handle(task, 3_500));
    assertThat(data()).containsExactly(StoreKeys.windowed(1_000, TestApp.bytes("k")));
  }

  @Test
  void sessionsThatAreUnitedLeaveTombstonesOfAllButOne() {
    Task task = begun(table.sessions(SECOND, String::concat).retained(SECOND.multipliedBy(9)));
    commit(handle(task, 1_000, 2_500, 4_000));
    assertThat(data()).hasSize(3);

    TaskEpoch union = handle(task, 1_700, 3_200);

    assertThat(union.changes().get("t"))
        .filteredOn(change -> change.value() == null)
        .extracting(StagedChange::key)
        .containsExactlyInAnyOrder(
            StoreKeys.windowed(2_500, TestApp.bytes("k")),
            StoreKeys.windowed(4_000, TestApp.bytes("k")));
    commit(union);
    assertThat(data()).containsExactly(StoreKeys.windowed(1_000, TestApp.bytes("k")));
  }

  @Test
  void countsEachWindowThatAnEventMisses() {
    Task task = begun(table.hopping(SECOND.multipliedBy(2), SECOND).retained(Duration.ZERO));

    handle(task, 1_500, 2_000, 1_600, 9_000, 1_700);

    // at 2,000 the first of two windows has closed, at 9,000 both
    assertThat(running.meters().scrape()).contains("gretchen_events_late_total{table=\"t\"} 3.0");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    assertThatThrownBy(() -> table.hopping(SECOND, SECOND.multipliedBy(2)).retained(SECOND))
        .hasMessageContaining("table t: ")
        .hasMessageContaining("at most the size");
    assertThatThrownBy(() -> table.tumbling(SECOND).grace(SECOND).retained(Duration.ZERO))
        .hasMessageContaining("the retention not below the grace");
    assertThatThrownBy(() -> table.tumbling(Duration.ofNanos(1_500_000)))
        .hasMessageContaining("the size is in whole milliseconds, found PT0.0015S");
    assertThatThrownBy(() -> table.sessions(Duration.ZERO, String::concat).retained(SECOND))
        .hasMessageContaining("table t: the gap between sessions is at least 1 ms");

    WindowedTable<String, String> windows =
        table.tumbling(SECOND).retained(SECOND).onClose(this::tell);
    assertThatThrownBy(() -> windows.onClose(this::tell))
        .hasMessageContaining("table t has a close handler already");
    Topic<String, String> foreign =
        App.named("other").topic("elsewhere", Codecs.utf8(), Codecs.utf8());
    assertThatThrownBy(() -> windows.lateTo(foreign))
        .hasMessageContaining("table t: topic elsewhere is not one of app app");
  }

  @Test
  void anEventWithoutATimeBelongsToNoWindow() {
    Task task = begun(table.tumbling(SECOND).retained(SECOND));

    TaskEpoch epoch = handle(task, -1);

    assertThat(epoch.changes().get("t"))
        .allMatch(change -> change.key().equals(StoreKeys.STREAM_TIME));
    assertThat(
            TestApp.text(
                epoch
                    .outputs()
                    .getFirst()
                    .headers()
                    .lastHeader("gretchen-dead-letter-reason")
                    .value()))
        .contains("table t: the event at in-0@0 has no timestamp", "EventTime");
  }

  private void offer(Task task, long... timestamps) {
    for (long at : timestamps) {
      task.offer(List.of(record(offset, at, "k", "v")), offset + 1);
      offset++;
    }
  }

  private TaskEpoch handle(Task task, long... timestamps) {
    offer(task, timestamps);
    surroundings.runAll();
    return Objects.requireNonNull(task.seal());
  }

  private void commit(TaskEpoch epoch) {
    List<Change> batch = new ArrayList<>();
    for (StagedChange change : Objects.requireNonNull(epoch.changes().get("t"))) {
      byte @Nullable [] value = change.value();
      batch.add(new Change(change.key(), value));
      if (value == null) {
        changelog.remove(change.key());
      } else {
        changelog.put(change.key(), value);
      }
    }
    partition().apply(epoch.task().token(), batch, new Position(new Uuid(1, 1), 1, 1));
    epoch.task().applied();
  }

  private StorePartition partition() {
    return running.store().partition("t", 0);
  }

  private List<ByteKey> store() {
    return partition().keys(new byte[0], _ -> true, Integer.MAX_VALUE).stream()
        .map(ByteKey::new)
        .toList();
  }

  private List<ByteKey> data() {
    return store().stream().filter(key -> StoreKeys.isData(key.bytes())).toList();
  }
}
