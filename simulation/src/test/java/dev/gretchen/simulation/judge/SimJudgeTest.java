package dev.gretchen.simulation.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.simulation.judge.SimFault.Nature;
import dev.gretchen.simulation.judge.SimVerdict.Finding;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SimJudgeTest {

  private static final SimJudge JUDGE = SimJudge.ofWordColors();
  private static final LoadPlan PLAN =
      new LoadPlan(LoadShape.uniform(7, 10, Duration.ofSeconds(100), 4, "primary"));

  private PerfectRun run = new PerfectRun(PLAN, Guarantee.EXACTLY_ONCE, true);

  @Test
  void aPerfectRunPassesAndNothingIsLeftOut() {
    SimVerdict verdict = judge();
    assertThat(verdict.outcome()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    assertThat(verdict.properties())
        .allSatisfy(p -> assertThat(p.status()).as(p.toString()).isEqualTo(Status.PASS))
        .extracting(Property::name)
        .contains(
            "drained",
            "platform-log:words",
            "stream-exact:colors",
            "output-exact:color-counts",
            "final-output:color-counts",
            "changelog-prefix:color-total",
            "final-table:color-minute",
            "store:color-minute",
            "offsets:words",
            "generation-order:color-counts",
            "atomic:colors",
            "atomic:color-counts",
            "atomic:color-total",
            "atomic:color-minute",
            "store-position:color-total");
  }

  @Test
  void judgingAgainGivesTheSameWords() {
    run.busiest(PerfectRun.COLORS).remove(9);
    run.busiest(PerfectRun.COUNTS).remove(3);
    assertThat(judge()).isEqualTo(judge());
    assertThat(new SimJudge(Descriptors.wordColors()).judge(run.run())).isEqualTo(judge());
  }

  @Test
  void aLostOutputIsNamedByTheStreamAndByItsCommit() {
    CommittedRecord gone = run.busiest(PerfectRun.COLORS).remove(9);
    assertNames("stream-exact:colors", "lost", gone);
    assertNames("atomic:colors", "torn", gone);
    assertThat(finding("atomic:colors", "torn").sentence()).contains("words-", "was committed");
  }

  @Test
  void anEventWithoutItsUpdateThoughItsOffsetIsCommittedIsTorn() {
    CommittedRecord gone = run.busiest(PerfectRun.COUNTS).remove(5);
    assertNames("output-exact:color-counts", "lost", gone);
    assertNames("atomic:color-counts", "torn", gone);
  }

  @Test
  void aDoubledOutputIsNamed() {
    int p = run.busy(PerfectRun.COLORS);
    CommittedRecord twice = run.busiest(PerfectRun.COLORS).get(4);
    run.repeat(PerfectRun.COLORS, p, twice, PerfectRun.lineage(twice));
    assertNames("stream-exact:colors", "doubled", twice);
    assertNames("atomic:colors", "doubled", twice);
  }

  @Test
  void anUpdateOfTheWrongWindowIsAPhantom() {
    List<CommittedRecord> log = run.busiest(PerfectRun.MINUTE);
    CommittedRecord right = log.getLast();
    ChangelogKey.Windowed key =
        (ChangelogKey.Windowed) Objects.requireNonNull(ChangelogKey.decode(right.key()));
    byte[] wrong = ChangelogKey.windowed(key.windowStart() + 60_000_000L, key.key());
    log.set(
        log.size() - 1,
        new CommittedRecord(
            right.offset(),
            right.timestamp(),
            right.writtenNanos(),
            wrong,
            right.value(),
            right.headers(),
            right.producerId(),
            right.producerEpoch(),
            true));
    assertThat(kinds("final-table:color-minute")).contains("phantom");
    assertThat(kinds("atomic:color-minute")).contains("phantom", "torn");
    assertThat(finding("atomic:color-minute", "torn").sentence()).contains("key ", "event #");
  }

  @Test
  void aChangelogThatGoesBackIsFound() {
    List<CommittedRecord> log = run.busiest(PerfectRun.TOTAL);
    CommittedRecord last = log.getLast();
    CommittedRecord first =
        log.stream()
            .filter(r -> PerfectRun.key(r).equals(PerfectRun.key(last)))
            .findFirst()
            .orElseThrow();
    byte[] old = Objects.requireNonNull(first.value());
    log.set(log.size() - 1, PerfectRun.with(last, old, null));
    assertThat(kinds("changelog-prefix:color-total")).contains("went-back");
    assertThat(finding("changelog-prefix:color-total", "went-back").sentence())
        .contains("@" + last.offset());
    assertThat(kinds("final-table:color-total")).isNotEmpty();
  }

  @Test
  void anEventThatTheTableCountsTwiceIsNamed() {
    List<CommittedRecord> log = run.busiest(PerfectRun.TOTAL);
    CommittedRecord last = log.getLast();
    Tally tally = Objects.requireNonNull(TallyJson.decode(Objects.requireNonNull(last.value())));
    long id =
        PerfectRun.id(
            run.logs(PerfectRun.COUNTS).stream()
                .flatMap(List::stream)
                .filter(r -> ("\u0001" + PerfectRun.key(r)).equals(PerfectRun.key(last)))
                .findFirst()
                .orElseThrow());
    log.set(log.size() - 1, PerfectRun.with(last, TallyJson.encode(tally.plus(id)), null));
    assertThat(finding("final-table:color-total", "doubled").sentence())
        .contains("key ", Hex16.of(id));
  }

  @Test
  void aStoreAheadOfItsChangelogIsFound() {
    run.storeShift = 1_000;
    assertThat(kinds("store-position:color-total")).contains("ahead");
    run = new PerfectRun(PLAN, Guarantee.EXACTLY_ONCE, true);
    run.phantomEntry = true;
    assertThat(finding("store:color-total", "phantom").sentence()).contains("key mauve");
    run = new PerfectRun(PLAN, Guarantee.EXACTLY_ONCE, true);
    run.storeShift = -2;
    assertThat(kinds("store:color-total")).contains("stale-store");
    run = new PerfectRun(PLAN, Guarantee.EXACTLY_ONCE, true);
    run.storeShift = 1;
    assertThat(judge().outcome()).as("a position behind the marker").isEqualTo(Outcome.PASS);
  }

  @Test
  void anOffsetThatGoesBackIsFound() {
    CommittedOffset last = run.commits.getLast();
    int before = run.commits.size() - 1;
    run.commits.add(
        before,
        new CommittedOffset(
            last.topic(), last.partition(), last.offset() + 3, "v1,1", last.nanos() - 1));
    assertThat(finding("offsets:" + last.topic(), "went-back").sentence())
        .contains("from " + (last.offset() + 3) + " to " + last.offset());
  }

  @Test
  void anAppThatDidNotDrainNamesTheFirstEventThatWaits() {
    CommittedOffset last = run.commits.removeLast();
    Finding stuck = finding("drained", "stuck");
    assertThat(stuck.sentence()).contains(last.topic() + "-" + last.partition(), "event #");
    assertThat(judge().sentence()).startsWith("drained");
  }

  @Test
  void effectsThatNoOffsetCoversAreUncommitted() {
    CommittedOffset last = run.commits.removeLast();
    String property = last.topic().equals("words") ? "atomic:colors" : "atomic:color-counts";
    assertThat(kinds(property)).contains("uncommitted");
  }

  @Test
  void anOutputOfAnotherEpochThanItsOffsetIsTorn() {
    List<CommittedRecord> log = run.busiest(PerfectRun.COUNTS);
    CommittedRecord record = log.getLast();
    Lineage l = PerfectRun.lineage(record);
    Lineage later =
        new Lineage(
            l.topic(),
            l.partition(),
            l.first(),
            l.last(),
            l.worker(),
            l.generation(),
            l.epoch() + 1);
    log.set(log.size() - 1, PerfectRun.with(record, valueOf(record), later));
    assertNames("atomic:color-counts", "torn", record);
  }

  @Test
  void anOutputInAnotherTransactionThanItsChangelogIsTorn() {
    List<CommittedRecord> log = run.busiest(PerfectRun.COUNTS);
    CommittedRecord r = log.getLast();
    log.set(
        log.size() - 1,
        new CommittedRecord(
            r.offset(),
            r.timestamp(),
            r.writtenNanos(),
            r.key(),
            r.value(),
            r.headers(),
            r.producerId(),
            (short) (r.producerEpoch() + 1),
            true));
    assertThat(kinds("atomic:color-counts")).contains("torn");
    assertThat(finding("atomic:color-counts", "torn").sentence())
        .contains("another transaction", "key ".substring(1));
  }

  @Test
  void offsetsOfOneTransactionThatAppearApartAreTorn() {
    CommittedOffset last = run.commits.removeLast();
    run.commits.add(
        new CommittedOffset(
            last.topic(), last.partition(), last.offset(), last.metadata(), last.nanos() + 5));
    assertThat(judge().findings()).extracting(Finding::kind).contains("torn");
    assertThat(judge().sentence()).contains("another moment");
  }

  @Test
  void aChangelogRecordThatClaimsTooFewEventsIsFound() {
    List<CommittedRecord> log = run.busiest(PerfectRun.TOTAL);
    for (int i = 0; i < log.size(); i++) {
      Lineage l = PerfectRun.lineage(log.get(i));
      if (l.last() > l.first()) {
        Lineage less =
            new Lineage(
                l.topic(),
                l.partition(),
                l.first(),
                l.first(),
                l.worker(),
                l.generation(),
                l.epoch());
        log.set(i, PerfectRun.with(log.get(i), valueOf(log.get(i)), less));
        break;
      }
    }
    assertThat(finding("atomic:color-total", "wrong-range").sentence()).contains("event #");
  }

  @Test
  void aCompactedChangelogIsJudgedByWhatIsLeftOfIt() {
    for (String changelog : List.of(PerfectRun.TOTAL, PerfectRun.MINUTE)) {
      for (List<CommittedRecord> log : run.logs(changelog)) {
        List<CommittedRecord> kept = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
          String key = PerfectRun.key(log.get(i));
          if (log.subList(i + 1, log.size()).stream()
              .noneMatch(r -> PerfectRun.key(r).equals(key))) {
            kept.add(log.get(i));
          }
        }
        log.clear();
        log.addAll(kept);
      }
    }
    assertThat(judge().outcome()).isEqualTo(Outcome.FAIL);
    run.complete = false;
    assertThat(judge().outcome()).as(judge().sentence()).isEqualTo(Outcome.PASS);
  }

  @Test
  void underAtLeastOnceACrashExcusesWorkThatWasNotCommitted() {
    run = new PerfectRun(PLAN, Guarantee.AT_LEAST_ONCE, true);
    SimVerdict verdict = judge();
    assertThat(verdict.outcome()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    assertThat(verdict.properties())
        .filteredOn(p -> p.name().equals("output-at-least-once:color-counts"))
        .allMatch(p -> !p.detail().contains("; 0 records"));
    run.judgeAs = Guarantee.EXACTLY_ONCE;
    assertThat(kinds("output-exact:color-counts")).contains("doubled");
  }

  @Test
  void underAtLeastOnceACrashDoesNotExcuseWorkThatWasCommitted() {
    run = new PerfectRun(PLAN, Guarantee.AT_LEAST_ONCE, true);
    int p = run.busy(PerfectRun.COLORS);
    CommittedRecord old = run.busiest(PerfectRun.COLORS).getFirst();
    Lineage l = PerfectRun.lineage(old);
    Lineage again =
        new Lineage(l.topic(), l.partition(), l.first(), l.last(), "w2", l.generation() + 1, 90);
    CommittedRecord copy = run.repeat(PerfectRun.COLORS, p, old, again);
    assertNames("atomic:colors", "unexplained-duplicate", copy);
  }

  @Test
  void underAtLeastOnceAWrongTallyIsFound() {
    run = new PerfectRun(PLAN, Guarantee.AT_LEAST_ONCE, true);
    List<CommittedRecord> log = run.busiest(PerfectRun.COUNTS);
    CommittedRecord last = log.getLast();
    Tally tally = Objects.requireNonNull(TallyJson.decode(valueOf(last)));
    log.set(log.size() - 1, PerfectRun.with(last, TallyJson.encode(tally.plus(3)), null));
    assertNames("atomic:color-counts", "wrong-value", last);
  }

  @Test
  void underAtLeastOnceAGracefulRebalanceExcusesNothing() {
    run = new PerfectRun(PLAN, Guarantee.AT_LEAST_ONCE, false);
    run.faults.add(new SimFault("rolling-restart", "w1", 5, 9, Nature.CLEAN));
    assertThat(judge().outcome()).as(judge().sentence()).isEqualTo(Outcome.PASS);
    int p = run.busy(PerfectRun.COUNTS);
    CommittedRecord twice = run.busiest(PerfectRun.COUNTS).get(4);
    CommittedRecord copy = run.repeat(PerfectRun.COUNTS, p, twice, PerfectRun.lineage(twice));
    assertNames("output-exact:color-counts", "doubled", copy);
    assertNames("atomic:color-counts", "unexplained-duplicate", copy);
  }

  @Test
  void aRunThatNothingDisturbedIsVacuous() {
    run.faults.clear();
    SimVerdict verdict = judge();
    assertThat(verdict.outcome()).isEqualTo(Outcome.VACUOUS);
    assertThat(verdict.sentence()).contains("Nothing disturbed");
    assertThat(verdict.passed()).isFalse();
  }

  @Test
  void aRunWithoutEventsOrWithoutStoresIsVacuous() {
    SimulatedRun whole = run.run();
    SimulatedRun blind =
        new SimulatedRun(
            PLAN,
            whole.guarantee(),
            whole.judgeAs(),
            whole.logs(),
            whole.acks(),
            whole.commits(),
            whole.ends(),
            List.of(),
            whole.faults());
    assertThat(JUDGE.judge(blind).outcome()).isEqualTo(Outcome.VACUOUS);
    SimulatedRun unseen =
        new SimulatedRun(
            PLAN,
            whole.guarantee(),
            whole.judgeAs(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            whole.faults());
    assertThat(JUDGE.judge(unseen).passed()).isFalse();
  }

  private void assertNames(String property, String kind, CommittedRecord record) {
    List<Finding> found =
        judge().findings().stream()
            .filter(f -> f.property().equals(property) && f.kind().equals(kind))
            .toList();
    assertThat(found).as(judge().toString()).isNotEmpty();
    assertThat(found.getFirst().sentence())
        .contains("ey ", "#" + PLAN.indexOf(PerfectRun.id(record)) + " ")
        .contains(Hex16.of(PerfectRun.id(record)), "words-");
  }

  private Finding finding(String property, String kind) {
    return judge().findings().stream()
        .filter(f -> f.property().equals(property) && f.kind().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError(judge().toString()));
  }

  private List<String> kinds(String property) {
    SimVerdict verdict = judge();
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
    return verdict.findings().stream()
        .filter(f -> f.property().equals(property))
        .map(Finding::kind)
        .toList();
  }

  private SimVerdict judge() {
    return JUDGE.judge(run.run());
  }

  private static byte[] valueOf(CommittedRecord record) {
    return Objects.requireNonNull(record.value());
  }
}
