package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtomicityCheckTest {

  private static final byte[] RED = {'r', 'e', 'd'};
  private static final byte[] BLUE = {'b', 'l', 'u', 'e'};

  private final LoadPlan plan =
      new LoadPlan(LoadShape.uniform(42, 10, Duration.ofSeconds(1), 1, "css"));
  private final MemoryLog updates = new MemoryLog("color-counts", 1);
  private final MemoryLog changelog = new MemoryLog("app-total-changelog", 1);
  private final MemoryLog filtered = new MemoryLog("colors", 1);
  private final List<OffsetSample> offsets = new ArrayList<>();

  @Test
  void aCommitMayKeepOnlyTheLastValueOfAKey() {
    update(RED, 0, 1);
    update(BLUE, 1, 1);
    update(RED, 2, 1);
    changed(RED, 2, 1);
    changed(BLUE, 1, 1);
    committed(3, true);
    assertThat(judge().status()).isEqualTo(Status.PASS);
  }

  @Test
  void aTransactionThatShowsLessInAChangelogIsTorn() {
    update(RED, 0, 1);
    update(BLUE, 1, 1);
    changed(RED, 0, 1);
    Anomaly anomaly = only("torn");
    assertThat(anomaly.sentence())
        .startsWith("The transaction of w1 (generation 3, epoch 1) shows words-0 up to 1 in")
        .contains("up to 0 in app-total-changelog", "key blue");
    assertThat(anomaly.records()).hasSize(2);
  }

  @Test
  void aTransactionThatAChangelogLacksIsTornThoughTheNextOneIsThere() {
    update(RED, 0, 1);
    update(RED, 1, 2);
    changed(RED, 1, 2);
    assertThat(only("torn").sentence())
        .contains("epoch 1", "nothing of it in app-total-changelog", "key red");
  }

  @Test
  void aTransactionMayBeginInOneGenerationAndEndInTheNext() {
    update(RED, 0, 1);
    update(BLUE, 1, 1);
    changed(RED, 0, 1);
    changelog.append(
        0,
        1,
        1,
        ChangelogKey.plain(BLUE),
        BLUE,
        null,
        new Lineage("words", 0, 1, 1, "w1", 4, 1).encode());
    assertThat(judge().status()).isEqualTo(Status.PASS);
  }

  @Test
  void aLaterProcessMayCountItsTransactionsFromTheBeginning() {
    update(RED, 0, 1);
    changed(RED, 0, 1);
    byte[] again = new Lineage("words", 0, 7, 7, "w1", 5, 1).encode();
    updates.append(0, 1, 1, RED, RED, 1L, again);
    assertThat(only("torn").sentence()).contains("generation 5, epoch 1", "up to 7");
    changelog.append(0, 1, 1, ChangelogKey.plain(RED), RED, null, again);
    assertThat(judge().status()).isEqualTo(Status.PASS);
  }

  @Test
  void aStreamThatNeedNotHoldEveryEventTearsNothing() {
    update(RED, 0, 1);
    changed(RED, 0, 1);
    update(BLUE, 5, 2);
    changed(BLUE, 5, 2);
    filtered.append(0, 1, 1, RED, RED, 1L, lineage(3, 2));
    assertThat(judge().status()).isEqualTo(Status.PASS);
  }

  @Test
  void anOffsetBetweenTransactionsIsWholeAndOneWithinIsNot() {
    update(RED, 0, 1);
    update(RED, 4, 1);
    changed(RED, 4, 1);
    committed(0, false);
    committed(5, false);
    assertThat(judge().status()).isEqualTo(Status.PASS);
    committed(4, false);
    assertThat(only("half-committed").sentence())
        .contains("words-0 was 4", "the transaction of w1 (generation 3, epoch 1)", "0 to 4");
  }

  @Test
  void atTheEndAnOffsetBeforeWhatIsVisibleIsTooLow() {
    update(RED, 0, 1);
    changed(RED, 0, 1);
    update(RED, 1, 2);
    changed(RED, 1, 2);
    committed(1, false);
    assertThat(judge().status()).isEqualTo(Status.PASS);
    committed(1, true);
    assertThat(only("ahead-of-offset").sentence()).contains("words-0 was 1", "epoch 2");
  }

  @Test
  void withoutLineageNothingIsJudged() {
    updates.append(0, 1, 1, RED, RED, 1L, null);
    assertThat(judge().status()).isEqualTo(Status.SKIPPED);
  }

  private void update(byte[] key, long offset, long epoch) {
    updates.append(0, 1, 1, key, key, 1L, lineage(offset, epoch));
  }

  private void changed(byte[] key, long offset, long epoch) {
    changelog.append(0, 1, 1, ChangelogKey.plain(key), key, null, lineage(offset, epoch));
  }

  private static byte[] lineage(long offset, long epoch) {
    return new Lineage("words", 0, offset, offset, "w1", 3, epoch).encode();
  }

  private void committed(long offset, boolean last) {
    offsets.add(new OffsetSample(1, "words", 0, offset, 9, 9, last));
  }

  private Anomaly only(String kind) {
    Property property = judge();
    assertThat(property.anomalies()).extracting(Anomaly::kind).containsExactly(kind);
    return property.anomalies().getFirst();
  }

  private Property judge() {
    return AtomicityCheck.check(
        new Witness(plan, new MemoryLog("words", 1), List.of()),
        "words",
        List.of(updates, changelog),
        List.of(filtered),
        offsets.iterator());
  }
}
