package dev.gretchen.engine;

import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Output;
import dev.gretchen.engine.internal.task.StagedChange;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskEpoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A join's own task, fed with what would stand in the topic between, committed when a test says so
/// and lost when it says so. What it gives is text: `key:left+right@time`, with `-` for nobody.
final class JoinRig {

  /// The name of the join and of its table.
  static final String JOIN = "j";

  /// An event of a side.
  record Arriving(Side side, String key, String value, long time) {

    ConsumerRecord<byte[], byte[]> at(long offset) {
      Headers headers = new RecordHeaders();
      headers.add(Side.HEADER, side.word());
      return TestApp.record(0, offset, time, key, value, headers);
    }
  }

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp running = new TestApp(surroundings);
  private final List<Arriving> log = new ArrayList<>();
  private final List<Output> committed = new ArrayList<>();

  /// Key -> last value, as a compacted changelog holds them.
  private final TreeMap<ByteKey, byte[]> changelog = new TreeMap<>();

  private long nextOffset;
  private long committedOffset;
  private Task task;

  /// @param kind ends a join with a handler
  JoinRig(
      JoinWindow window,
      BiConsumer<Join<String, String, String>, JoinHandler<String, String, String>> kind) {
    App app = App.named("app");
    Topic<String, String> left = app.topic("left", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> right = app.topic("right", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> out = app.topic("out", Codecs.utf8(), Codecs.utf8());
    kind.accept(
        app.join(JOIN, left, right, window), joined -> out.send(joined.key(), text(joined)));
    String between = "app-j-repartition";
    Objects.requireNonNull(app.topology().tablesByTopic().get(between)).forEach(running::table);
    running.agent(
        new FailurePolicy.DeadLetter(0, Duration.ZERO),
        app.topology().agents(between).getFirst().reader());
    task = running.begun(0);
  }

  private static String text(Joined<String, String, String> joined) {
    return (joined.hasLeft() ? joined.left() : "-")
        + "+"
        + (joined.hasRight() ? joined.right() : "-");
  }

  /// Handles an event, and all that comes of it.
  void arrive(Arriving event) {
    log.add(event);
    offer();
  }

  /// Handles a record as somebody else may have written it to the topic between.
  void offerUntagged(ConsumerRecord<byte[], byte[]> record) {
    task.offer(List.of(record), record.offset() + 1);
    surroundings.runAll();
  }

  private void offer() {
    while (nextOffset < log.size()) {
      task.offer(List.of(log.get(Math.toIntExact(nextOffset)).at(nextOffset)), nextOffset + 1);
      nextOffset++;
    }
    surroundings.runAll();
  }

  /// Commits all that was handled.
  void commit() {
    TaskEpoch epoch = task.seal();
    if (epoch == null) {
      return;
    }
    List<Change> batch = new ArrayList<>();
    for (StagedChange change : Objects.requireNonNull(epoch.changes().get(JOIN))) {
      byte @Nullable [] value = change.value();
      batch.add(new Change(change.key(), value));
      if (value == null) {
        changelog.remove(change.key());
      } else {
        changelog.put(change.key(), value);
      }
    }
    committed.addAll(epoch.outputs());
    committedOffset = epoch.nextOffset();
    partition().apply(task.token(), batch, new Position(new Uuid(1, 1), 1, 1));
    task.applied();
  }

  /// Loses what was not committed, and has a successor go on from there.
  void die() {
    task.retire();
    task = running.begun(committedOffset);
    nextOffset = committedOffset;
    offer();
  }

  /// What was committed: what came of pairs and of those that were alone, in its order.
  List<String> told() {
    return committed.stream()
        .filter(output -> output.topic().equals("out"))
        .map(output ->
            TestApp.text(output.key())
                + ":"
                + TestApp.text(output.value())
                + "@"
                + output.timestamp())
        .toList();
  }

  List<Output> outputs() {
    return committed;
  }

  TestApp app() {
    return running;
  }

  /// The keys that the store holds.
  List<ByteKey> stored() {
    return partition().keys(new byte[0], _ -> true, Integer.MAX_VALUE).stream()
        .map(ByteKey::new)
        .toList();
  }

  /// What compaction leaves of the changelog.
  List<ByteKey> changelog() {
    return List.copyOf(changelog.keySet());
  }

  private StorePartition partition() {
    return running.store().partition(JOIN, 0);
  }
}
