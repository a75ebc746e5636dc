package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RebalancesCheckTest {

  private final AuditEntries audit = new AuditEntries().worker(0, "w1", "started");
  private final List<Moment> faults = new ArrayList<>();
  private final MemoryLog out = new MemoryLog("out", 2);
  private final MemoryLog other = new MemoryLog("other", 1);

  RebalancesCheckTest() {
    write(out, 0, 1_000, 5);
  }

  @Test
  void aRebalanceThatMovesNothingHasACauseToo() {
    write(out, 1, 130_000, 6);
    Property found = check();
    assertThat(found.anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("rebalanced-without-cause");
    assertThat(found.detail())
        .isEqualTo(
            "The group rebalanced to generation 6, which out-1@0 shows first, and nobody came, left,"
                + " died or was disturbed; the last cause was 130000 ms before.");
    audit.worker(20_000, "w2", "stopping");
    assertThat(check().status()).isEqualTo(Status.PASS);
    assertThat(check().compared()).isEqualTo(2);
  }

  @Test
  void whatWasSeenEarlierElsewhereCounts() {
    write(out, 1, 130_000, 6);
    write(other, 0, 60_000, 6);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  @Test
  void aGroupThatMeetsAgainAndAgainForOneCauseIsFound() {
    for (int i = 1; i <= RebalancesCheck.REBALANCES_MAX; i++) {
      write(out, 0, 1_000 + 1_000 * i, 5 + i);
    }
    assertThat(check().status()).as("one by one they come back").isEqualTo(Status.PASS);
    write(out, 0, 30_000, 26);
    write(out, 0, 31_000, 27);
    Property found = check();
    assertThat(found.anomalies())
        .extracting(Anomaly::kind)
        .as("once")
        .containsExactly("rebalanced-again");
    assertThat(found.detail()).contains("generation 26", "the rebalance number 21 since then");
    audit.worker(15_500, "w2", "started");
    assertThat(check().status()).as("another cause").isEqualTo(Status.PASS);
  }

  /// Not every generation lasts long enough for a record.
  @Test
  void generationsThatNobodyWroteInCount() {
    write(out, 0, 2_000, 5 + RebalancesCheck.REBALANCES_MAX + 1);
    assertThat(check().anomalies()).extracting(Anomaly::kind).containsExactly("rebalanced-again");
  }

  @Test
  void whileAFaultIsUnderWayItExplainsAnyNumber() {
    faults.add(new Moment("eviction-storm", "each worker", 1_500, 20_000, false));
    write(out, 0, 19_000, 60);
    write(out, 0, 21_000, 63);
    assertThat(check().status()).isEqualTo(Status.PASS);
    write(out, 0, 22_000, 90);
    assertThat(check().status()).as("healed it is").isEqualTo(Status.FAIL);
  }

  @Test
  void aGenerationThatGoesBackIsForOthersToJudge() {
    write(out, 0, 200_000, 4);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  @Test
  void withoutLineageThereIsNothingToJudge() {
    MemoryLog plain = new MemoryLog("plain", 1);
    plain.append(0, 1, 1, "k".getBytes(UTF_8), "v".getBytes(UTF_8), null, null);
    assertThat(RebalancesCheck.check(witness(), List.of(plain), audit.list(), faults).status())
        .isEqualTo(Status.SKIPPED);
  }

  private Property check() {
    return RebalancesCheck.check(witness(), List.of(out, other), audit.list(), faults);
  }

  private static Witness witness() {
    LoadPlan plan = new LoadPlan(LoadShape.uniform(1, 10, Duration.ofSeconds(1), 1, "primary"));
    return new Witness(plan, new MemoryLog("in", 1), List.of());
  }

  private static void write(MemoryLog log, int partition, long at, long generation) {
    byte[] lineage = new Lineage("in", 0, 1, 1, "w1", generation, 1).encode();
    log.append(partition, at, at, "k".getBytes(UTF_8), "v".getBytes(UTF_8), null, lineage);
  }
}
