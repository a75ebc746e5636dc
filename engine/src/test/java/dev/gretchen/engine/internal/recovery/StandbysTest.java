package dev.gretchen.engine.internal.recovery;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandbysTest {

  private static final TopicPartition CHANGELOG = new TopicPartition("app-t-changelog", 0);
  private static final Uuid CHANGELOG_ID = new Uuid(5, 6);
  private static final TaskId TASK = TestApp.TASK;
  private static final long CLAIM = 7;

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final FakeSurroundings surroundings =
      new FakeSurroundings(new FakeClients().with(consumer));
  private final Facts facts = new Facts();
  private final TestApp app =
      new TestApp(surroundings).table(TableSpec.plain("t")).agent((_, _) -> {});
  private final StorePartition store = app.store().partition("t", 0);
  private final Failpoints failpoints = new Failpoints("on", surroundings.monitor(), _ -> {});
  private final Standbys standbys =
      new Standbys(
          app.topology(),
          surroundings,
          new RecoverySettings(Map.of(), Map.of(), Duration.ofDays(1)),
          failpoints,
          app.meters(),
          () -> facts);

  @BeforeEach
  void layOutTheLog() {
    consumer.updateBeginningOffsets(Map.of(CHANGELOG, 0L));
  }

  @Test
  void tailsTheChangelogIntoTheStoreWithItsPosition() {
    keep(CLAIM);
    read(0, "a", "1");
    read(1, "b", "2");

    assertThat(value("a")).isEqualTo("1");
    assertThat(store.position().next()).isEqualTo(2);
    assertThat(store.position().topicId()).isEqualTo(CHANGELOG_ID);
  }

  @Test
  void goesOnFromWhereTheStoreStands() {
    store.claim(1);
    store.apply(1, List.of(new Change(key("a"), bytes("1"))), position(1, now()));
    facts.end = 1;
    keep(CLAIM);
    read(1, "b", "2");

    assertThat(value("a")).isEqualTo("1");
    assertThat(value("b")).isEqualTo("2");
  }

  @Test
  void writesNothingMoreOnceATaskHasClaimedTheStore() {
    keep(CLAIM);
    read(0, "a", "1");
    store.claim(CLAIM + 1);
    read(1, "a", "2");

    assertThat(value("a")).isEqualTo("1");
    assertThat(store.position().next()).isEqualTo(1);
  }

  @Test
  void leavesTheStoreAsItIsWhenItIsToKeepItNoLonger() {
    keep(CLAIM);
    read(0, "a", "1");
    standbys.keep(List.of());
    standbys.step();

    assertThat(value("a")).isEqualTo("1");
    assertThat(consumer.assignment()).isEmpty();
    assertThat(standbys.lag(TASK)).isEmpty();
  }

  @Test
  void knowsHowFarItIsBehindAndSinceWhenItIsComplete() {
    facts.end = 1;
    keep(CLAIM);
    assertThat(standbys.lag(TASK)).hasValue(1);
    read(0, "a", "1");
    surroundings.pass(Duration.ofHours(2));
    long asked = now();
    standbys.step();

    assertThat(standbys.lag(TASK)).hasValue(0);
    assertThat(store.position()).isEqualTo(position(1, asked));

    facts.end = 5;
    surroundings.pass(Duration.ofHours(2));
    standbys.step();
    assertThat(standbys.lag(TASK)).hasValue(4);
    assertThat(store.position().caughtUpAt()).isEqualTo(asked);
  }

  @Test
  void hasCaughtUpOnceItHasReadAllThatThereWasAtTheLookBefore() {
    facts.end = 1;
    keep(CLAIM);
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).as("it has read nothing").isFalse();
    read(0, "a", "1");
    facts.end = 4;
    surroundings.pass(Duration.ofMillis(200));
    standbys.step();
    assertThat(standbys.lag(TASK)).as("its owner goes on").hasValue(3);
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).isTrue();

    surroundings.pass(Duration.ofSeconds(1));
    standbys.step();
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).as("it has read nothing since").isFalse();
  }

  @Test
  void whatItKeepsNoLongerHasNotCaughtUp() {
    keep(CLAIM);
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).as("nothing to read").isTrue();
    assertThat(standbys.hasCaughtUp(standby(CLAIM + 1))).as("another's").isFalse();
    standbys.keep(List.of());
    standbys.step();
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).isFalse();
  }

  @Test
  void throwsAwayWhatBelongsToAnotherChangelogAndNothingElse() {
    store.claim(1);
    store.apply(
        1, List.of(new Change(key("a"), bytes("1"))), new Position(new Uuid(9, 9), 1, now()));
    keep(CLAIM);
    standbys.step();

    assertThat(store.get(key("a").bytes())).isNull();
  }

  @Test
  void beginsAgainWhereTheLogHasMovedOn() {
    keep(CLAIM);
    read(0, "a", "1");
    facts.start = 10;
    facts.end = 11;
    consumer.updateBeginningOffsets(Map.of(CHANGELOG, 10L));
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(CHANGELOG, 1L)));
    standbys.step();
    standbys.step();

    assertThat(store.get(key("a").bytes())).isNull();
    read(10, "a", "11");
    assertThat(value("a")).isEqualTo("11");
  }

  @Test
  void fillingAnEmptyDiskPausesWhereARecoveryWould() {
    facts.end = 2;
    keep(CLAIM);
    failpoints.arm(Failpoint.RECOVERY_MIDWAY, Failpoints.Action.PAUSE, 1);
    List<String> whilePaused = new ArrayList<>();
    surroundings.inNextWait(() -> {
      whilePaused.add(value("a"));
      failpoints.arm(Failpoint.RECOVERY_MIDWAY, Failpoints.Action.OFF, 1);
    });
    read(0, "a", "1");

    assertThat(whilePaused).as("what was read by then").containsExactly("1");
    read(1, "b", "2");
    assertThat(midways()).as("it has not caught up yet").isEqualTo(2);
  }

  @Test
  void whoReadsAlongWithALivingOwnerRecoversNothing() {
    facts.end = 1;
    keep(CLAIM);
    read(0, "a", "1");
    surroundings.pass(Duration.ofMillis(200));
    standbys.step();
    assertThat(standbys.hasCaughtUp(standby(CLAIM))).isTrue();
    assertThat(midways()).isEqualTo(1);
    read(1, "a", "2");

    assertThat(value("a")).isEqualTo("2");
    assertThat(midways()).isEqualTo(1);
  }

  private long midways() {
    return failpoints.views().stream()
        .filter(view -> view.name().equals(Failpoint.RECOVERY_MIDWAY.text()))
        .mapToLong(Failpoints.View::hits)
        .sum();
  }

  private void keep(long claim) {
    store.claim(claim);
    standbys.keep(List.of(standby(claim)));
    standbys.step();
  }

  private StandbyTask standby(long claim) {
    return new StandbyTask(TASK, claim, new TreeMap<>(Map.of("t", store)));
  }

  private void read(long offset, String key, String value) {
    consumer.schedulePollTask(() ->
        consumer.addRecord(
            new ConsumerRecord<>(CHANGELOG.topic(), 0, offset, key(key).bytes(), bytes(value))));
    standbys.step();
  }

  private String value(String key) {
    byte[] value = store.get(key(key).bytes());
    return value == null ? "nothing" : text(value);
  }

  private long now() {
    return surroundings.clock().millis();
  }

  private static Position position(long next, long caughtUpAt) {
    return new Position(CHANGELOG_ID, next, caughtUpAt);
  }

  private static final class Facts implements ClusterFacts {

    private long start;
    private long end;

    @Override
    public Map<TopicPartition, Optional<Progress>> stableOffsets(
        Collection<TopicPartition> inputs) {
      throw new UnsupportedOperationException("a standby has no input");
    }

    @Override
    public Map<TopicPartition, Long> starts(Collection<TopicPartition> partitions) {
      return all(partitions, start);
    }

    @Override
    public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
      return all(partitions, end);
    }

    private static Map<TopicPartition, Long> all(
        Collection<TopicPartition> partitions, long offset) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      partitions.forEach(partition -> offsets.put(partition, offset));
      return offsets;
    }

    @Override
    public Map<String, Uuid> topicIds(Collection<String> names) {
      return Map.of(CHANGELOG.topic(), CHANGELOG_ID);
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
