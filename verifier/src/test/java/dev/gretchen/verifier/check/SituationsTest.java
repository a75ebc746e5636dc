package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Situation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SituationsTest {

  private static final byte[] BYTES = {1};

  private final LoadPlan plan =
      new LoadPlan(LoadShape.uniform(42, 10, Duration.ofSeconds(1), 1, "css"));
  private final MemoryLog words = new MemoryLog("words", 1);
  private final MemoryLog colors = new MemoryLog("colors", 1);
  private final List<AuditEvent> audit = new ArrayList<>();
  private final List<Moment> faults = new ArrayList<>();
  private final List<Ack> acks = new ArrayList<>();

  @Test
  void aQuietRunMeetsNone() {
    audit(1, "w1", "assigned", 0, 1);
    audit(2, "w1", "running", 0, 1);
    assertMet();
  }

  @Test
  void anUnknownAcknowledgementIsMetAndAnAcknowledgedOneIsNot() {
    acks.add(new Ack(0, Ack.Status.ACKED, 0));
    assertMet();
    acks.add(new Ack(1, Ack.Status.UNKNOWN, -1));
    assertMet("unknown-acknowledgement");
  }

  @Test
  void markersOfInterleavedTransactionsHideNothing() {
    written("w1", 1);
    written("w2", 1);
    colors.control(0);
    colors.control(0);
    written("w1", 2);
    assertMet();
  }

  @Test
  void anAbortedRecordIsHiddenAndItsMarkerToo() {
    written("w1", 1);
    colors.control(0);
    colors.control(0);
    colors.control(0);
    written("w1", 3);
    assertMet("aborted-records");
  }

  @Test
  void aKillAtAFailpointWithinATransactionCountsAndOneAnywhereDoesNot() {
    faults.add(new Moment("kill-owner", "w1", 5, 9, true));
    assertMet();
    faults.add(new Moment("kill-after-sends", "w1", 15, 19, true));
    assertMet("kill-in-open-transaction");
  }

  @Test
  void aTakeoverIsAnotherWorkersAndAReturnIsOnesOwn() {
    faults.add(new Moment("kill-owner", "w1", 5, 9, true));
    audit(1, "w1", "assigned", 0, 1);
    audit(2, "w1", "running", 0, 1);
    audit(10, "w1", "assigned", 0, 2);
    audit(11, "w1", "running", 0, 2);
    assertMet("return-to-own-disk");
    audit(20, "w2", "assigned", 0, 3);
    audit(21, "w2", "running", 0, 3);
    assertMet("return-to-own-disk", "takeover");
  }

  @Test
  void aKillBetweenAssignmentAndRunningInterruptsTheRecovery() {
    faults.add(new Moment("kill-owner", "w1", 5, 9, true));
    audit(1, "w1", "assigned", 0, 1);
    audit(4, "w1", "running", 0, 1);
    audit(6, "w2", "started", -1, -1);
    assertMet();
    audit.remove(1);
    assertMet("recovery-interrupted");
  }

  @Test
  void aGenerationThatBeginsBeforeTheLastOneRunsIsWithinIt() {
    audit(1, "w1", "assigned", 0, 1);
    audit(2, "w1", "assigned", 1, 1);
    audit(3, "w1", "running", 0, 1);
    audit(4, "w1", "running", 1, 1);
    audit(5, "w2", "assigned", 2, 2);
    assertMet();
    audit.remove(3);
    assertMet("rebalance-within-rebalance");
  }

  @Test
  void aResetAndALossAreRefusedCommits() {
    audit(1, "w1", "assigned", 0, 1);
    audit(2, "w1", "running", 0, 1);
    audit(3, "w1", "revoked", 0, 1);
    assertMet();
    audit(4, "w1", "reset", 0, 1);
    assertMet("commit-refused");
  }

  @Test
  void aPromotionIsMet() {
    audit(1, "w1", "promoted", 0, 1);
    assertMet("standby-promoted");
  }

  @Test
  void whatWasBeforeTheLoadOnlySetsTheScene() {
    audit(-9, "training", "assigned", 0, 1);
    audit(-8, "training", "running", 0, 1);
    audit(-7, "w1", "assigned", 0, 2);
    audit(-6, "w1", "running", 0, 2);
    assertMet();
    audit(1, "w2", "assigned", 0, 3);
    audit(2, "w2", "running", 0, 3);
    assertMet("takeover");
  }

  private void assertMet(String... names) {
    List<Situation> all =
        Situations.met(
            new Witness(plan, words, faults), new Acks(acks), 1, List.of(colors), audit, 0);
    assertThat(all).extracting(Situation::name).containsExactlyElementsOf(Situations.names());
    assertThat(all.stream().filter(s -> s.times() > 0))
        .extracting(Situation::name)
        .containsExactlyInAnyOrder(names);
    assertThat(all).allSatisfy(s -> assertThat(s.example().isEmpty()).isEqualTo(s.times() == 0));
  }

  private void written(String worker, long epoch) {
    colors.append(
        0, 1, 1, BYTES, BYTES, 1L, new Lineage("words", 0, 0, 0, worker, 1, epoch).encode());
  }

  private void audit(long at, String worker, String event, int partition, long generation) {
    String json =
        "{\"at\":%d,\"worker\":\"%s\",\"incarnation\":\"i\",\"event\":\"%s\",\"topic\":\"words\",\"partition\":%d,\"generation\":%d}"
            .formatted(at, worker, event, partition, generation);
    audit.add(Objects.requireNonNull(AuditEvent.decode(json.getBytes(UTF_8))));
  }

  /// A history of acknowledgements alone.
  private record Acks(List<Ack> acks) implements History {

    @Override
    public PartitionedLog log(String topic) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Iterator<Ack> acks(int partition) {
      return acks.iterator();
    }

    @Override
    public Iterator<OffsetSample> offsets() {
      return Collections.emptyIterator();
    }

    @Override
    public List<StoreSnapshot> stores() {
      return List.of();
    }
  }
}
