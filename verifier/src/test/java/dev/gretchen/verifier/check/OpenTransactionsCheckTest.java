package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StableSample.OpenTransaction;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenTransactionsCheckTest {

  private static final long TIMEOUT = 10_000;

  /// The first moment at which it hangs.
  private static final long HANGS = TIMEOUT + OpenTransactionsCheck.SLACK.toMillis() + 1;

  private final List<StableSample> samples = new ArrayList<>();
  private final List<Moment> faults = new ArrayList<>();

  @Test
  void oneThatNobodyEndsIsNamedWithItsProducerAndWhereItBegins() {
    faults.add(new Moment("kill-owner", "w2", 900, 2_000, true));
    sample(1_000, open(100));
    sample(1_000 + HANGS, open(100));
    sample(3_000 + HANGS, open(100));
    last(60_000);
    Property found = check();
    assertThat(found.anomalies())
        .extracting(Anomaly::kind)
        .as("once")
        .containsExactly("hanging-transaction");
    assertThat(found.detail())
        .isEqualTo(
            "The transaction of producer 7 (app-w2) has been open on colors-3 from offset 100 on for"
                + " 40001 ms, and its time-out is 10000 ms; w2 was hit by kill-owner 40101 ms"
                + " before.");
    assertThat(found.compared()).isEqualTo(4 * 40);
  }

  @Test
  void oneThatItsCoordinatorStillHasTimeForDoesNotHang() {
    sample(1_000, open(100));
    sample(1_000 + HANGS - 1, open(100));
    last(60_000);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  /// An app that always has one open, as Kafka Streams does under load.
  @Test
  void anotherOneEachTimeIsNoOldOne() {
    for (long at = 0; at < 300_000; at += 2_000) {
      sample(at, open(at));
    }
    last(300_000);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  @Test
  void oneThatWasGoneMeanwhileIsAnotherOne() {
    sample(0, open(100));
    sample(20_000);
    sample(20_001, open(100));
    sample(20_000 + HANGS, open(100));
    last(100_000);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  @Test
  void brokersThatAreAwayEndNothingAndHaveTimeToSettle() {
    faults.add(new Moment("broker-outage", "each broker", 5_000, 95_000, false));
    long settled = 95_000 + OpenTransactionsCheck.SETTLING.toMillis();
    long left = HANGS - 5_000;
    sample(0, open(100));
    sample(settled + left - 1, open(100));
    last(300_000);
    assertThat(check().status()).isEqualTo(Status.PASS);

    samples.clear();
    sample(0, open(100));
    sample(settled + left, open(100));
    last(300_000);
    assertThat(check().status()).as("after the fault the time goes on").isEqualTo(Status.FAIL);

    faults.set(0, new Moment("evicting-pause", "w2", 5_000, 95_000, true));
    samples.clear();
    sample(0, open(100));
    sample(HANGS, open(100));
    last(300_000);
    assertThat(check().status()).as("no worker is needed to end one").isEqualTo(Status.FAIL);
  }

  @Test
  void whatIsOpenWhenAllIsQuietIsFoundHoweverYoung() {
    sample(0);
    last(2_000, open(100));
    Property found = check();
    assertThat(found.anomalies()).extracting(Anomaly::kind).containsExactly("never-stable");
    assertThat(found.detail())
        .isEqualTo(
            "When all was quiet, committed readers could read colors-3 up to offset 100 only, and its"
                + " log ends at 120: the transaction of producer 7 (app-w2) is open from offset 100"
                + " on.");
  }

  @Test
  void whoseItIsNeedNotBeKnown() {
    last(2_000, new OpenTransaction("colors", 3, 120, 100, -1, 100, "", -1));
    assertThat(check().detail())
        .contains(
            "its log ends at 120: a transaction of which the brokers do not say whose it is is open");
    samples.clear();
    sample(0, new OpenTransaction("colors", 3, 120, 100, 7, 100, "", -1));
    sample(60_000, new OpenTransaction("colors", 3, 120, 100, 7, 100, "", -1));
    last(61_000);
    assertThat(check().status()).as("a minute is what producers have").isEqualTo(Status.PASS);
  }

  @Test
  void saysWhereNobodyHasLooked() {
    assertThat(check().status()).isEqualTo(Status.SKIPPED);
    sample(0);
    assertThat(check().status()).as("not at the end").isEqualTo(Status.UNKNOWN);
    last(10);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  private void sample(long at, OpenTransaction... open) {
    samples.add(new StableSample(at, 40, false, List.of(open)));
  }

  private void last(long at, OpenTransaction... open) {
    samples.add(new StableSample(at, 40, true, List.of(open)));
  }

  private static OpenTransaction open(long firstOffset) {
    return new OpenTransaction(
        "colors", 3, firstOffset + 20, firstOffset, 7, firstOffset, "app-w2", TIMEOUT);
  }

  private Property check() {
    LoadPlan plan = new LoadPlan(LoadShape.uniform(1, 10, Duration.ofSeconds(1), 1, "css"));
    Witness witness = new Witness(plan, new MemoryLog("words", 1), faults);
    return OpenTransactionsCheck.check(witness, samples.iterator());
  }
}
