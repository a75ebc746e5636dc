package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipChecksTest {

  private static final List<Moment> CALM = List.of();

  private final AuditEntries audit = new AuditEntries();

  @Test
  void aTaskThatIsAssignedBeforeItIsGivenUpHasTwoOwners() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    audit.task(1_200, "w1", "revoked", 3);
    Property found = disjoint(CALM);
    assertThat(found.anomalies()).extracting(Anomaly::kind).containsExactly("two-owners");
    assertThat(found.detail())
        .contains("t-3 was assigned to w2 in generation 10 while w1 had it")
        .contains("gave it up 200 ms after that");
  }

  @Test
  void anOwnerThatNeverGivesUpIsFound() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    assertThat(disjoint(CALM).detail()).contains("w1", "has never given it up");
    Moment broker = new Moment("kill-broker", "broker 1", 5_000, 9_000, false);
    assertThat(disjoint(List.of(broker)).status()).as("unheard").isEqualTo(Status.PASS);
    Moment later = new Moment("kill-broker", "broker 1", 35_000, 39_000, false);
    assertThat(disjoint(List.of(later)).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void whoStopsNeedNotSpeakOfWhatItIsGivenMeanwhile() {
    audit.worker(500, "w1", "stopping").task(600, "w1", "assigned", 3);
    audit.task(1_000, "w2", "assigned", 3);
    assertThat(disjoint(CALM).status()).isEqualTo(Status.PASS);
    audit.task(1_200, "w1", "revoked", 3);
    assertThat(disjoint(CALM).status()).as("but what it says counts").isEqualTo(Status.FAIL);
  }

  @Test
  void aHandoverInOrderIsNoOverlap() {
    audit.task(0, "w1", "assigned", 3).task(990, "w1", "revoked", 3);
    audit.task(1_000, "w2", "assigned", 3);
    assertThat(disjoint(CALM).status()).isEqualTo(Status.PASS);
    assertThat(disjoint(CALM).compared()).isEqualTo(2);
  }

  @Test
  void threadsThatTakeTurnsMakeNoOverlap() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    audit.task(1_100, "w1", "revoked", 3);
    assertThat(disjoint(CALM).status()).isEqualTo(Status.PASS);
  }

  @Test
  void whoWasDroppedAndSaysSoLateIsNoOwner() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    audit.task(9_000, "w1", "lost", 3);
    assertThat(disjoint(CALM).status()).isEqualTo(Status.PASS);
  }

  @Test
  void aKillEndsWhatTheVictimHad() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    assertThat(disjoint(List.of(kill("w1", 900))).status()).isEqualTo(Status.PASS);
    assertThat(disjoint(List.of(kill("w1", 5_900))).status())
        .as("its last entries went with it")
        .isEqualTo(Status.PASS);
    assertThat(disjoint(List.of(kill("w1", 6_100))).status()).isEqualTo(Status.FAIL);
    assertThat(disjoint(List.of(kill("w2", 900))).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void anEvictionEndsWhatThePeerHad() {
    audit.task(0, "w1", "assigned", 3).task(1_000, "w2", "assigned", 3);
    audit.peer(900, "w2", "suspected", "w1");
    assertThat(disjoint(CALM).status()).as("suspected only").isEqualTo(Status.FAIL);
    audit.peer(950, "w2", "evicted", "w1");
    assertThat(disjoint(CALM).status()).isEqualTo(Status.PASS);
  }

  @Test
  void aMoveWithNobodyComingOrGoingHasNoCause() {
    audit.worker(0, "w1", "started").task(10, "w1", "assigned", 3);
    audit.task(120_001 + 10, "w2", "assigned", 3);
    Property found = moves(CALM);
    assertThat(found.anomalies()).extracting(Anomaly::kind).containsExactly("moved-without-cause");
    assertThat(found.detail())
        .contains("t-3 moved from w1 to w2", "the last cause was 120011 ms before");
  }

  @Test
  void whoeverComesLeavesOrIsDisturbedIsACause() {
    audit.worker(0, "w1", "started").task(10, "w1", "assigned", 3);
    audit.task(200_000, "w2", "assigned", 3);
    assertThat(moves(List.of(kill("w9", 199_000))).status()).isEqualTo(Status.PASS);
    audit.worker(80_000, "w2", "started");
    assertThat(moves(CALM).status()).as("two minutes to warm up").isEqualTo(Status.PASS);
  }

  @Test
  void aTaskThatGoesToAndFroForOneCauseIsFound() {
    audit.worker(0, "w1", "started").task(10, "w1", "assigned", 3);
    audit.task(1_000, "w2", "assigned", 3).task(2_000, "w3", "assigned", 3);
    assertThat(moves(CALM).status()).as("by way of the warm one").isEqualTo(Status.PASS);
    audit.task(3_000, "w1", "assigned", 3);
    assertThat(moves(CALM).anomalies()).extracting(Anomaly::kind).containsExactly("moved-again");
    audit.worker(2_500, "w1", "started");
    assertThat(moves(CALM).status()).isEqualTo(Status.PASS);
  }

  @Test
  void whoLeftInOrderMustNotRecover() {
    leaveAndComeBack(7);
    Property found = restart(CALM);
    assertThat(found.anomalies()).extracting(Anomaly::kind).containsExactly("recovered-records");
    assertThat(found.detail()).contains("w1 left in order", "recovered 7 records of t-3");
  }

  @Test
  void aRestartThatRecoversNothingIsClean() {
    leaveAndComeBack(0);
    assertThat(restart(CALM).status()).isEqualTo(Status.PASS);
    assertThat(restart(CALM).compared()).isEqualTo(1);
  }

  @Test
  void whatAnotherHadMeanwhileIsNotJudged() {
    leaveAndComeBack(7);
    audit.task(600, "w2", "assigned", 3).running(700, "w2", 3, 0);
    assertThat(CleanRestartCheck.check(audit.list(), CALM)).isEmpty();
  }

  @Test
  void whoWasKilledOnItsWayOutIsNotJudged() {
    leaveAndComeBack(7);
    assertThat(CleanRestartCheck.check(audit.list(), List.of(kill("w1", 550)))).isEmpty();
    assertThat(restart(List.of(kill("w2", 550))).status()).isEqualTo(Status.FAIL);
  }

  private void leaveAndComeBack(long recovered) {
    audit.task(0, "w1", "assigned", 3).running(10, "w1", 3, 100);
    audit.worker(500, "w1", "stopping").task(510, "w1", "revoked", 3);
    audit.worker(900, "w1", "started").task(950, "w1", "assigned", 3);
    audit.running(1_000, "w1", 3, recovered);
  }

  private Property disjoint(List<Moment> faults) {
    return DisjointOwnershipCheck.check(audit.list(), faults);
  }

  private Property moves(List<Moment> faults) {
    return MovesCheck.check(audit.list(), faults);
  }

  private Property restart(List<Moment> faults) {
    return CleanRestartCheck.check(audit.list(), faults).orElseThrow();
  }

  private static Moment kill(String worker, long at) {
    return new Moment("kill-owner", worker, at, 0, true);
  }
}
