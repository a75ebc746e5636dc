package dev.gretchen.dashboards.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.dashboards.live.LiveEvent.Standing;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.contract.Tally;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveStateTest {

  private static final long START = 1_763_716_000_000L;

  private static final LiveSetup SETUP =
      new LiveSetup(
          "word-colors",
          2,
          List.of("words", "colors"),
          List.of("words"),
          List.of("color-counts"),
          Optional.of(
              new LiveSetup.Counting(
                  "colors", "color-counts", "color-total", "changelog", Palette.parse("primary"))));

  private final LiveState state = new LiveState(SETUP, START);
  private final long[] offsets = new long[1];

  // ---- who has what

  @Test
  void aPartitionIsOrphanedRecoveringAndRunningInTurn() {
    assertThat(partition("colors", 1).state()).isEqualTo("orphaned");
    told(10, "w1", "assigned");
    told(11, "w1", "recovering");
    state.apply(new LiveEvent.Recovers(START + 12, new InputTask("colors", 1), 200, 50));
    assertThat(partition("colors", 1))
        .isEqualTo(new LiveView.Partition(1, "w1", "recovering", 0.75, List.of()));
    told(13, "w1", "running");
    assertThat(partition("colors", 1))
        .isEqualTo(new LiveView.Partition(1, "w1", "running", -1, List.of()));
  }

  @Test
  void whatAKilledWorkerHadIsNobodysUntilAnotherHasIt() {
    stands("w1", Standing.RUNNING);
    stands("w2", Standing.RUNNING);
    told(10, "w1", "assigned");
    told(11, "w1", "running");
    state.apply(new LiveEvent.Struck(START + 2_000, "P1", "kill-worker", "w1", true));
    assertThat(partition("colors", 1).state()).isEqualTo("orphaned");
    assertThat(worker("w1").tasks()).isZero();
    told(2_400, "w2", "assigned");
    told(2_500, "w2", "running");
    assertThat(partition("colors", 1).owner()).isEqualTo("w2");
    assertThat(worker("w2").tasks()).isEqualTo(1);
  }

  @Test
  void aWorkerThatEndedByItselfOwnsNothingEither() {
    told(10, "w1", "running");
    stands("w1", Standing.DOWN);
    assertThat(partition("colors", 1).state()).isEqualTo("orphaned");
    assertThat(worker("w1").standing()).isEqualTo("down");
  }

  @Test
  void aWorkerThatIsNotReadySinceItRecoversIsNotStarting() {
    stands("w1", Standing.STARTING);
    assertThat(view(10).workers().getFirst().standing()).isEqualTo("starting");
    told(20, "w1", "recovering");
    assertThat(view(30).workers().getFirst().standing()).isEqualTo("recovering");
    stands("w1", Standing.DOWN);
    assertThat(view(40).workers().getFirst().standing()).isEqualTo("down");
  }

  @Test
  void copiesAreShownWhereTheyAreKept() {
    stands("w1", Standing.RUNNING);
    stands("w2", Standing.RUNNING);
    told(10, "w2", "standby");
    assertThat(partition("colors", 1).standbys()).containsExactly("w2");
    assertThat(worker("w2").standbys()).isEqualTo(1);
    told(20, "w2", "promoted");
    told(21, "w1", "standby");
    assertThat(partition("colors", 1).standbys()).containsExactly("w1");
    stands("w1", Standing.DOWN);
    assertThat(partition("colors", 1).standbys()).isEmpty();
  }

  @Test
  void aWorkerKeepsItsColourAsInTheTimelineWhenAnotherComes() {
    stands("w10", Standing.RUNNING);
    stands("w2", Standing.RUNNING);
    String colour = worker("w2").colour();
    stands("w11", Standing.RUNNING);
    assertThat(view(1_000).workers())
        .extracting(LiveView.Worker::name)
        .containsExactly("w2", "w10", "w11");
    assertThat(worker("w2").colour()).isEqualTo(colour);
    state.apply(new LiveEvent.WorkerGone(START + 5, "w11"));
    assertThat(view(1_000).workers()).hasSize(2);
  }

  // ---- counts

  @Test
  void theDifferenceIsWhatWasReadAndNotYetCounted() {
    word(10, 1, "red");
    word(20, 2, "red");
    word(30, 3, "no colour");
    counted(40, 1, "red", Tally.NONE.plus(1));
    LiveView.Counts counts = counts();
    assertThat(counts.truth()).isEqualTo(2);
    assertThat(counts.counted()).isEqualTo(1);
    assertThat(counts.difference()).isEqualTo(1);
    assertThat(counts.rows().getFirst()).isEqualTo(new LiveView.Row("red", 2, 1, false));
    counted(50, 2, "red", Tally.NONE.plus(1).plus(2));
    assertThat(counts().difference()).isZero();
    assertThat(counts().settled()).isEqualTo(3);
  }

  @Test
  void oneLostAndOneDoubledAreNotEven() {
    word(10, 1, "red");
    word(20, 2, "red");
    counted(40, 1, "red", Tally.NONE.plus(1).plus(1));
    assertThat(counts().difference()).isZero();
    assertThat(counts().wrong()).isEqualTo(1);
    assertThat(counts().rows().getFirst().word()).isEqualTo("red");
  }

  // ---- how much and how fast

  @Test
  void latencyIsFromTheInputLogToTheOutput() {
    for (int id = 1; id <= 10; id++) {
      word(1_000 + id, id, "blue");
      counted(1_100 + id, id, "blue", new Tally(id, id));
    }
    LiveView.Flow flow = view(2_000).flow();
    assertThat(flow.p50()).isBetween(99L, 101L);
    assertThat(flow.lag()).isZero();
    assertThat(flow.in()).isPositive();
  }

  @Test
  void anOutputThatIsSeenBeforeItsEventLeavesNothingOnTheWay() {
    counted(10, 7, "blue", new Tally(1, 1));
    word(20, 7, "blue");
    assertThat(view(1_000).flow().lag()).isZero();
  }

  // ---- faults

  @Test
  void thePhasesOfTheLastFaultAreThoseOfAReport() {
    told(10, "w1", "running");
    word(9_000, 9, "blue");
    counted(9_100, 9, "blue", Tally.NONE.plus(9));
    state.apply(new LiveEvent.Struck(START + 10_000, "P1", "kill-worker", "w1", true));
    peer(10_150, "w2", "suspected", "w1");
    peer(10_200, "w2", "fenced", "w1");
    told(10_300, "w2", "assigned");
    told(10_310, "w2", "recovering");
    told(10_400, "w2", "running");
    word(10_350, 1, "red");
    counted(10_500, 1, "red", Tally.NONE.plus(1));
    LiveView.Fault fault = Objects.requireNonNull(view(11_000).fault());
    assertThat(fault.phases())
        .containsAllEntriesOf(
            Map.of(
                "detected",
                150L,
                "fenced",
                200L,
                "reassigned",
                300L,
                "recovered",
                400L,
                "firstOutput",
                500L,
                "caughtUp",
                500L));
    assertThat(fault.silence()).containsEntry("owned", 150L);
    assertThat(List.copyOf(fault.phases().values())).isSorted();
    assertThat(fault.healed()).isFalse();
    state.apply(new LiveEvent.Healed(START + 12_000, "w1"));
    assertThat(Objects.requireNonNull(view(12_500).fault()).healed()).isTrue();
    assertThat(state.faultsInForce()).isEmpty();
  }

  @Test
  void outputsThatWereUnderWayAreNoTakeover() {
    told(10, "w1", "running");
    word(9_000, 9, "blue");
    counted(9_100, 9, "blue", Tally.NONE.plus(9));
    state.apply(new LiveEvent.Struck(START + 10_000, "S2", "evicting-pause", "w1", false));
    word(9_990, 1, "red");
    counted(10_050, 1, "red", Tally.NONE.plus(1));
    assertThat(Objects.requireNonNull(view(10_100).fault()).phases()).isEmpty();
    peer(11_000, "w2", "suspected", "w1");
    told(11_200, "w2", "assigned");
    told(11_300, "w2", "running");
    word(11_350, 2, "red");
    counted(11_400, 2, "red", Tally.NONE.plus(1).plus(2));
    assertThat(Objects.requireNonNull(view(12_000).fault()).phases())
        .containsEntry("detected", 1_000L)
        .containsEntry("caughtUp", 1_400L);
  }

  @Test
  void whoIsKilledInAPauseIsHealedOfBothAtOnce() {
    state.apply(new LiveEvent.Struck(START + 1_000, "S2", "evicting-pause", "w1", false));
    state.apply(new LiveEvent.Struck(START + 2_000, "P1", "kill-worker", "w1", true));
    state.apply(new LiveEvent.Struck(START + 3_000, "P1", "kill-worker", "w2", true));
    assertThat(state.faultsInForce()).hasSize(3);
    state.apply(new LiveEvent.Healed(START + 4_000, "w1"));
    assertThat(state.faultsInForce()).extracting(LiveEvent.Struck::target).containsExactly("w2");
  }

  @Test
  void theTimelineShowsTenuresAndFaults() {
    stands("w1", Standing.RUNNING);
    told(10, "w1", "running");
    word(500, 1, "red");
    state.apply(new LiveEvent.Struck(START + 10_000, "P1", "kill-worker", "w1", true));
    String timeline = state.timeline(START + 15_000);
    assertThat(timeline)
        .contains("colors-1: w1")
        .contains("nobody owned colors-1")
        .contains("kill-worker w1")
        .doesNotContain("Nothing was recorded");
  }

  @Test
  void theTimelineMovesOnAndForgets() {
    told(10, "w1", "running");
    told(1_000, "w1", "revoked");
    long later = LiveState.WINDOW.toMillis() + 60_000;
    view(later);
    assertThat(state.timeline(START + later)).doesNotContain("colors-1: w1");
  }

  // ---- a word's journey

  @Test
  void aTypedWordIsFollowedToItsTable() {
    state.apply(new LiveEvent.Typed(START + 100, 42, "red"));
    word(110, 42, "red");
    seen(130, "colors", 42L, "red", "red", null, new Lineage("words", 0, 5, 5, "w1", 3, 9));
    Lineage counting = new Lineage("colors", 1, 17, 17, "w2", 3, 4);
    // the changelog's record is of the same transaction, and may be read first
    Lineage range = new Lineage("colors", 1, 12, 17, "w2", 3, 4);
    seen(200, "changelog", null, "red", "{}", null, range);
    assertThat(state.wordToAskFor()).isEmpty();
    seen(210, "color-counts", 42L, "red", "{}", Tally.NONE.plus(42), counting);
    assertThat(state.wordToAskFor()).contains("red");
    state.apply(new LiveEvent.Answered(START + 250, "red", "status 503: recovering", false));
    assertThat(state.wordToAskFor()).as("asked again").contains("red");
    state.apply(new LiveEvent.Answered(START + 300, "red", "color-total-1 holds 1", true));
    LiveView.Journey journey = Objects.requireNonNull(view(400).journey());
    assertThat(journey.steps())
        .extracting(LiveView.Step::what)
        .containsExactly(
            "typed",
            "in the input log",
            "sent on",
            "counted: 1",
            "in the changelog",
            "asked for over HTTP");
    assertThat(journey.steps().get(3).millis()).isEqualTo(110);
    assertThat(journey.steps().getLast().where()).isEqualTo("color-total-1 holds 1");
    assertThat(journey.over()).isTrue();
    assertThat(state.wordToAskFor()).isEmpty();
  }

  @Test
  void aWordThatIsNoColourEndsWhereItBegan() {
    state.apply(new LiveEvent.Typed(START, 42, "grey-ish"));
    word(10, 42, "grey-ish");
    LiveView.Journey journey = Objects.requireNonNull(view(400).journey());
    assertThat(journey.accepted()).isFalse();
    assertThat(journey.over()).isTrue();
  }

  @Test
  void anAppThatCountsNothingHasNoCounts() {
    LiveState other =
        new LiveState(
            new LiveSetup("a", 1, List.of("in"), List.of("in"), List.of("out"), Optional.empty()),
            START);
    other.apply(new LiveEvent.Seen(START + 5, "in", 0, 0, 1L, "k", "v", null, null));
    assertThat(other.view(START + 10).counts()).isNull();
    assertThat(other.view(START + 10).flow().lag()).isEqualTo(1);
  }

  // ---- short for events

  private void told(long after, String worker, String event) {
    state.apply(
        new LiveEvent.Told(
            START + after,
            new AuditEvent(START + after, worker, "i", event, "colors", 1, 3, "", -1)));
  }

  private void peer(long after, String worker, String event, String peer) {
    state.apply(
        new LiveEvent.Told(
            START + after,
            new AuditEvent(START + after, worker, "i", event, "", -1, -1, peer, -1)));
  }

  private void stands(String worker, Standing standing) {
    state.apply(new LiveEvent.WorkerStands(START + 1, worker, standing));
  }

  private void word(long after, long id, String word) {
    seen(after, "words", id, "k", word, null, null);
  }

  private void counted(long after, long id, String word, Tally tally) {
    seen(
        after,
        "color-counts",
        id,
        word,
        "{}",
        tally,
        new Lineage("colors", 1, offsets[0], offsets[0]++, "w2", 3, 4));
  }

  private void seen(
      long after,
      String topic,
      @Nullable Long id,
      String key,
      String value,
      @Nullable Tally tally,
      @Nullable Lineage lineage) {
    state.apply(new LiveEvent.Seen(START + after, topic, 0, 0, id, key, value, tally, lineage));
  }

  private LiveView view(long after) {
    return state.view(START + after);
  }

  private LiveView.Counts counts() {
    return Objects.requireNonNull(view(1_000).counts());
  }

  private LiveView.Partition partition(String topic, int number) {
    return view(5_000).topics().stream()
        .filter(shown -> shown.name().equals(topic))
        .findFirst()
        .orElseThrow()
        .partitions()
        .get(number);
  }

  private LiveView.Worker worker(String name) {
    return view(5_000).workers().stream()
        .filter(worker -> worker.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
