package dev.gretchen.engine.internal.membership;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.assign.AssignSettings;
import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.recovery.RecoverySettings;
import dev.gretchen.engine.internal.recovery.Standbys;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OrphansTest {

  private static final Uuid CHANGELOG_ID = new Uuid(5, 6);
  private static final Duration KEPT = Duration.ofDays(1);

  private final FakeSurroundings surroundings =
      new FakeSurroundings(
          new FakeClients()
              .with(
                  new MockProducer<>(
                      true, null, new ByteArraySerializer(), new ByteArraySerializer())));
  private final TestApp app =
      new TestApp(surroundings).table(TableSpec.plain("t")).agent((_, _) -> {});
  private final TaskTable tasks = new TaskTable();
  private long claims;
  private final Placement placement =
      new Placement(
          app.topology(),
          new Placement.Identity("w1", "1", "", "127.0.0.1:80", "", "app-w1"),
          AssignSettings.of(1, 10),
          surroundings,
          app.store(),
          _ -> CHANGELOG_ID,
          KEPT,
          () -> ++claims,
          new Standbys(
              app.topology(),
              surroundings,
              new RecoverySettings(Map.of(), Map.of(), KEPT),
              new Failpoints("", surroundings.monitor(), _ -> {}),
              app.meters()),
          new Audit(surroundings, "app-audit", "w1", "1"));
  private final Orphans orphans =
      new Orphans(
          app.topology(), app.store(), tasks, placement, _ -> CHANGELOG_ID, KEPT, surroundings);

  @Test
  void removesWhatIsOfNoUseAndKeepsWhatMayComeBack() {
    hold("t", 0, CHANGELOG_ID, now());
    hold("t", 1, new Uuid(9, 9), now());
    hold("t", 2, CHANGELOG_ID, now() - KEPT.toMillis());
    hold("gone", 0, CHANGELOG_ID, now());
    app.store().partition("t", 3);

    tidyFor(Orphans.UNUSED_FOR.minus(Orphans.LOOK_EVERY));
    assertThat(held()).hasSize(5);
    tidyFor(Orphans.LOOK_EVERY.multipliedBy(3));
    assertThat(held()).containsExactly("gone-0", "t-0");
    tidyFor(KEPT);
    assertThat(held()).isEmpty();
  }

  @Test
  void removesNothingThatATaskOrAStandbyUses() {
    tasks.put(app.task());
    placement.assigned(
        new GroupView(
            new TreeSet<>(List.of(new TaskId(TestApp.INPUT, 7))),
            new TreeSet<>(),
            false,
            List.of()),
        List.of());
    tidyFor(KEPT.multipliedBy(2));
    assertThat(held()).containsExactly("t-" + TestApp.TASK.partition(), "t-7");

    // from when it has left, not from when it came
    tasks.remove(TestApp.TASK);
    tidyFor(Orphans.UNUSED_FOR.minus(Orphans.LOOK_EVERY));
    assertThat(held()).hasSize(2);
    tidyFor(Orphans.LOOK_EVERY.multipliedBy(3));
    assertThat(held()).containsExactly("t-7");
  }

  private void tidyFor(Duration duration) {
    for (Duration past = Duration.ZERO;
        past.compareTo(duration) < 0;
        past = past.plus(Orphans.LOOK_EVERY)) {
      surroundings.pass(Orphans.LOOK_EVERY);
      orphans.tidy();
    }
  }

  private List<String> held() {
    return app.store().held().stream().map(Store.Name::toString).toList();
  }

  private void hold(String table, int partition, Uuid changelog, long caughtUpAt) {
    StorePartition store = app.store().partition(table, partition);
    long claim = ++claims;
    store.claim(claim);
    store.apply(
        claim, List.of(new Change(key("k"), bytes("v"))), new Position(changelog, 42, caughtUpAt));
  }

  private long now() {
    return surroundings.clock().millis();
  }
}
