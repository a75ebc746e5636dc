package dev.gretchen.engine.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whom a question goes to, on workers that are maps.
class TableRouterTest {

  private static final int PARTITIONS = 7;
  private static final byte[] KEY = "red".getBytes(StandardCharsets.UTF_8);
  private static final int HOME = BuiltInPartitioner.partitionForKey(KEY, PARTITIONS);
  private static final TaskId TASK = new TaskId("in", HOME);

  private final Map<String, Fake> workers = new HashMap<>();
  private final List<String> handedOn = new ArrayList<>();
  private GroupView view = GroupView.NOTHING;

  @Test
  void answersItselfWhereItOwnsTheKey() {
    worker("w1").owns = true;
    view("w1", "w2");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w1 OWNER");
    assertThat(handedOn).isEmpty();
  }

  @Test
  void handsOnToTheOwner() {
    worker("w2").owns = true;
    worker("w1").standsBy = true;
    view("w2", "w1");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w2 OWNER");
    assertThat(ask("w3", Asked.OWNER_ONLY)).isEqualTo("w2 OWNER");
  }

  @Test
  void goesToAStandbyWhereTheOwnerIsGone() {
    worker("w2").gone = true;
    worker("w3").standsBy = true;
    view("w2", "w3");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w3 STANDBY");
    assertThat(ask("w3", Asked.ANYBODY)).isEqualTo("w3 STANDBY");
    assertThat(ask("w1", Asked.OWNER_ONLY)).contains("w2: gone");
  }

  @Test
  void goesToAStandbyWhileTheOwnerRecovers() {
    worker("w2");
    worker("w3").standsBy = true;
    view("w2", "w3");
    assertThat(ask("w2", Asked.ANYBODY)).isEqualTo("w3 STANDBY");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w3 STANDBY");
  }

  /// Right after a takeover nobody has anything newer than its disk, which is nearly complete.
  @Test
  void waitsAMomentForAnOwnerThatHasJustTakenOver() {
    worker("w2").isAboutToOwn = true;
    worker("w3").standsBy = true;
    view("w2", "w3");
    assertThat(ask("w2", Asked.AS_STANDBY)).contains("is not stood by for here");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w2 OWNER");
    worker("w2").owns = false;
    assertThat(ask("w2", Asked.ANYBODY)).isEqualTo("w2 OWNER");
  }

  /// While a dead owner is asked in vain, its partition comes here: no standby is left by then.
  @Test
  void answersItselfWhereItHasTakenOverMeanwhile() {
    worker("w1").isAboutToOwn = true;
    worker("w2").gone = true;
    worker("w2").whenAsked = () -> view("w1", "w3");
    view("w2", "w1");
    assertThat(ask("w1", Asked.ANYBODY)).isEqualTo("w1 OWNER");
  }

  @Test
  void handsOnToWhoeverHasTakenOverMeanwhile() {
    worker("w2").gone = true;
    worker("w2").whenAsked = () -> view("w3", "w4");
    worker("w3").owns = true;
    view("w2", "w3");
    assertThat(ask("w1", Asked.OWNER_ONLY)).isEqualTo("w3 OWNER");
  }

  /// Each of two workers takes the other for the owner: a question passes two workers, and ends.
  @Test
  void doesNotGoRoundInCircles() {
    worker("w1");
    worker("w2");
    view("w2", "w1");
    assertThat(ask("w1", Asked.ANYBODY)).contains("w2: in-" + HOME + " does not run here");
    assertThat(handedOn).containsExactly("w1 to w2 AS_OWNER");
    handedOn.clear();
    assertThat(ask("w1", Asked.AS_OWNER)).contains("does not run here").contains("w2@h:w2");
    assertThat(ask("w1", Asked.AS_STANDBY)).contains("is not stood by for here");
    assertThat(handedOn).isEmpty();
  }

  @Test
  void saysWhatDoesNotFit() {
    worker("w1").owns = true;
    view("w1", "w2");
    assertThat(router("w1").ask(new TableQuery("other", KEY, null), Asked.ANYBODY))
        .isEqualTo(new Routed.Unknown("app app has no table other"));
    assertThat(router("w1").ask(new TableQuery("t", KEY, 5L), Asked.ANYBODY))
        .isInstanceOf(Routed.Unfit.class);
    assertThat(router("w1").ask(new TableQuery("w", KEY, null), Asked.ANYBODY))
        .isInstanceOf(Routed.Unfit.class);
  }

  @Test
  void findsTheWindowThatHoldsAMoment() {
    worker("w1").owns = true;
    view("w1", "w2");
    router("w1").ask(new TableQuery("w", KEY, 61_999L), Asked.ANYBODY);
    router("w1").ask(new TableQuery("t", KEY, null), Asked.ANYBODY);
    assertThat(worker("w1").keys)
        .containsExactly(StoreKeys.windowed(61_000, KEY).bytes(), StoreKeys.plain(KEY).bytes());
  }

  private String ask(String worker, Asked asked) {
    return switch (router(worker).ask(new TableQuery("t", KEY, null), asked)) {
      case Routed.Answered(TableAnswer answer) -> answer.worker() + " " + answer.role();
      case Routed.Nobody(String why, String owner) -> why + " / " + owner;
      case Routed.Unknown(String why) -> why;
      case Routed.Unfit(String why) -> why;
    };
  }

  private Fake worker(String name) {
    return workers.computeIfAbsent(name, Fake::new);
  }

  /// What everybody was told at the last assignment.
  private void view(String owner, String standby) {
    view =
        new GroupView(
            new TreeSet<>(),
            new TreeSet<>(),
            false,
            List.of(
                new Peer(
                    "m-" + owner,
                    owner,
                    "i-" + owner,
                    "",
                    "h:" + owner,
                    "",
                    "",
                    new TreeSet<>(List.of(TASK)),
                    new TreeSet<>()),
                new Peer(
                    "m-" + standby,
                    standby,
                    "i-" + standby,
                    "",
                    "h:" + standby,
                    "",
                    "",
                    new TreeSet<>(),
                    new TreeSet<>(List.of(TASK)))));
  }

  private TableRouter router(String name) {
    Topology topology =
        Topology.of(
            "app",
            List.of(
                new AgentSpec(
                    "a", "in", List.of("t", "w"), FailurePolicy.standard(), _ -> () -> {})),
            List.of(TableSpec.plain("t"), TableSpec.windowed("w", 1_000, 0)),
            List.of("in"));
    return new TableRouter(
        topology,
        "i-" + name,
        () -> view,
        worker(name),
        _ -> PARTITIONS,
        new Peers() {
          @Override
          public Routed ask(Peer peer, TableQuery query, Asked asked) {
            handedOn.add(name + " to " + peer.worker() + " " + asked);
            worker(peer.worker()).whenAsked.run();
            return worker(peer.worker()).gone
                ? new Routed.Nobody("gone", "")
                : router(peer.worker()).ask(query, asked);
          }

          @Override
          public void close() {
            // nothing is open
          }
        },
        Runnable::run);
  }

  private static final class Fake implements TableRouter.Here {

    private final String name;
    private final List<byte[]> keys = new ArrayList<>();
    private boolean owns;
    private boolean isAboutToOwn;
    private boolean standsBy;
    private boolean gone;
    private Runnable whenAsked = () -> {};

    Fake(String name) {
      this.name = name;
    }

    @Override
    public Optional<TableAnswer> asOwner(TaskId task, String table, byte[] storedKey) {
      keys.add(storedKey);
      return owns ? Optional.of(answer(task, table, TableAnswer.Role.OWNER, 0L)) : Optional.empty();
    }

    @Override
    public Optional<TableAnswer> onceItRuns(
        TaskId task, String table, byte[] storedKey, Duration bound) {
      owns |= isAboutToOwn;
      return asOwner(task, table, storedKey);
    }

    @Override
    public Optional<TableAnswer> asStandby(TaskId task, String table, byte[] storedKey) {
      return standsBy
          ? Optional.of(answer(task, table, TableAnswer.Role.STANDBY, null))
          : Optional.empty();
    }

    private TableAnswer answer(
        TaskId task, String table, TableAnswer.Role role, @Nullable Long behind) {
      assertThat(task).isEqualTo(TASK);
      return new TableAnswer(table, task.partition(), null, name, role, 1, 0, behind);
    }
  }
}
