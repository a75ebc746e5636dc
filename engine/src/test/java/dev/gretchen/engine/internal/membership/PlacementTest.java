package dev.gretchen.engine.internal.membership;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.assign.AssignSettings;
import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.recovery.RecoverySettings;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.recovery.Standbys;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static final Uuid CHANGELOG_ID = new Uuid(5, 6);
  private static final TaskId TASK = TestApp.TASK;

  private final MockProducer<byte[], byte[]> auditProducer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final FakeSurroundings surroundings =
      new FakeSurroundings(new FakeClients().with(auditProducer));
  private final TestApp app =
      new TestApp(surroundings).table(TableSpec.plain("t")).agent((_, _) -> {});
  private final Standbys standbys =
      new Standbys(
          app.topology(),
          surroundings,
          new RecoverySettings(Map.of(), Map.of(), Duration.ofDays(1)),
          new Failpoints("", surroundings.monitor(), _ -> {}),
          app.meters());
  private final Audit audit = new Audit(surroundings, "app-audit", "w1", "1");
  private long claims;
  private final Placement placement =
      new Placement(
          app.topology(),
          new Placement.Identity("w1", "1", "r1", "127.0.0.1:80", "127.0.0.1:81", "app-w1"),
          AssignSettings.of(1, 10),
          surroundings,
          app.store(),
          _ -> CHANGELOG_ID,
          Duration.ofDays(1),
          () -> ++claims,
          standbys,
          audit);

  @Test
  void tellsOfWhatItsDiskHoldsThatIsOfUse() {
    hold("t", 0, CHANGELOG_ID, now());
    hold("t", 1, new Uuid(9, 9), now());
    hold("t", 2, CHANGELOG_ID, now() - Duration.ofDays(2).toMillis());
    hold("gone", 0, CHANGELOG_ID, now());

    assertThat(placement.report().positions())
        .isEqualTo(Map.of("t", new TreeMap<>(Map.of(0, 42L))));
    assertThat(placement.report().transactionalId()).isEqualTo("app-w1");
  }

  @Test
  void keepsItsClaimWhileItStandsByAndLeavesTheStoreToATask() {
    placement.assigned(standingBy(), List.of());
    StandbyTask first = placement.standbys().getFirst();
    placement.assigned(standingBy(), List.of());
    assertThat(placement.standbys()).containsExactly(first);

    placement.assigned(GroupView.NOTHING, List.of(TASK.input()));
    assertThat(placement.standbys()).isEmpty();

    placement.assigned(standingBy(), List.of());
    placement.assigned(GroupView.NOTHING, List.of());
    assertThat(told()).containsExactly("standby", "promoted", "standby", "dropped");
  }

  @Test
  void doesNotStandByForWhatItRuns() {
    placement.assigned(standingBy(), List.of(TASK.input()));

    assertThat(placement.standbys()).isEmpty();
  }

  @Test
  void asksForNoRebalanceWhileItDoesNotKnowThatItIsWarm() {
    assertThat(placement.asksForRebalance()).isFalse();
    placement.assigned(warmingUp(), List.of());
    assertThat(placement.asksForRebalance()).isFalse();
    assertThat(placement.report().asks()).isZero();
  }

  @Test
  void asksAgainForWhatWasHeldBackOnceTheGroupIsAtRest() {
    placement.assigned(heldBack(), List.of());
    assertThat(placement.mayEvenOut(Set.of("1"))).isFalse();
    surroundings.pass(GroupRest.NEEDED.minusMillis(1));
    assertThat(placement.asksForRebalance()).isFalse();

    surroundings.pass(Duration.ofMillis(1));
    assertThat(placement.asksForRebalance()).isTrue();
    assertThat(placement.mayEvenOut(Set.of("1"))).isTrue();
    assertThat(placement.asksForRebalance()).as("not again at once").isFalse();
    assertThat(placement.report().asks()).isEqualTo(1);
  }

  @Test
  void aGroupThatChangesIsNotAtRest() {
    placement.assigned(heldBack(), List.of());
    surroundings.pass(GroupRest.NEEDED);

    assertThat(placement.mayEvenOut(Set.of("1", "2"))).as("somebody came").isFalse();
    assertThat(placement.asksForRebalance()).isFalse();
    surroundings.pass(GroupRest.NEEDED);
    assertThat(placement.mayEvenOut(Set.of("1"))).as("somebody left").isFalse();
  }

  private static GroupView heldBack() {
    Peer self =
        new Peer("m1", "w1", "1", "r1", "h:1", "h:2", "app-w1", new TreeSet<>(), new TreeSet<>());
    return new GroupView(new TreeSet<>(), new TreeSet<>(), true, List.of(self));
  }

  private List<String> told() {
    audit.stop();
    audit.step();
    return auditProducer.history().stream()
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .map(json -> json.replaceFirst(".*\"event\":\"([a-z]+)\".*", "$1"))
        .toList();
  }

  private StorePartition hold(String table, int partition, Uuid changelog, long caughtUpAt) {
    StorePartition store = app.store().partition(table, partition);
    long claim = ++claims;
    store.claim(claim);
    store.apply(
        claim, List.of(new Change(key("k"), bytes("v"))), new Position(changelog, 42, caughtUpAt));
    return store;
  }

  private long now() {
    return surroundings.clock().millis();
  }

  private static GroupView standingBy() {
    return new GroupView(new TreeSet<>(List.of(TASK)), new TreeSet<>(), false, List.of());
  }

  private static GroupView warmingUp() {
    return new GroupView(new TreeSet<>(), new TreeSet<>(List.of(TASK)), false, List.of());
  }
}
