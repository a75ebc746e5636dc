package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.JoinRig.Arriving;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.join.Held;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.join.SideTimes;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.JoinKeys;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A join's task, step by step: when who is told, what is kept, what is late.
class StreamJoinTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static Arriving left(String value, long time) {
    return new Arriving(Side.LEFT, "k", value, time);
  }

  private static Arriving right(String value, long time) {
    return new Arriving(Side.RIGHT, "k", value, time);
  }

  private static Arriving other(Side side, long time) {
    return new Arriving(side, "other", "o", time);
  }

  private static JoinRig outer(JoinWindow window) {
    return new JoinRig(window, Join::outer);
  }

  @Test
  void boundsAreIncludedOnBothSides() {
    JoinRig rig = new JoinRig(JoinWindow.between(SECOND, SECOND.multipliedBy(2)), Join::inner);

    rig.arrive(left("l", 5_000));
    rig.arrive(right("early", 3_999));
    rig.arrive(right("first", 4_000));
    rig.arrive(right("last", 7_000));
    rig.arrive(right("behind", 7_001));
    rig.commit();

    assertThat(rig.told()).containsExactly("k:l+first@5000", "k:l+last@7000");
  }

  @Test
  void eachOfSeveralEventsOfAKeyMeetsEach() {
    JoinRig rig = new JoinRig(JoinWindow.within(SECOND), Join::inner);

    rig.arrive(left("a", 1_000));
    rig.arrive(left("b", 1_000));
    rig.arrive(right("x", 1_000));
    rig.arrive(right("y", 1_000));
    rig.arrive(left("c", 1_000));
    rig.commit();

    assertThat(rig.told())
        .containsExactly(
            "k:a+x@1000", "k:b+x@1000", "k:a+y@1000", "k:b+y@1000", "k:c+x@1000", "k:c+y@1000");
  }

  /// A scan gives so many at a time; all of them meet.
  @Test
  void meetsMoreThanAreReadAtATime() {
    JoinRig rig = new JoinRig(JoinWindow.within(SECOND), Join::inner);
    for (int i = 0; i < 2_500; i++) {
      rig.arrive(left("l" + i, 1_000));
    }
    rig.commit();

    rig.arrive(right("r", 1_500));
    rig.commit();

    assertThat(rig.told()).hasSize(2_500).doesNotHaveDuplicates();
  }

  @Test
  void whoIsAloneIsToldToTheMillisecondAndByTheOtherSidesTimeAlone() {
    JoinRig rig = new JoinRig(JoinWindow.within(SECOND).grace(SECOND), Join::left);
    rig.arrive(left("l", 10_000));
    rig.arrive(other(Side.LEFT, 90_000));
    rig.commit();
    assertThat(rig.told()).as("its own side may be as far as it likes").isEmpty();

    rig.arrive(other(Side.RIGHT, 12_000));
    rig.commit();
    assertThat(rig.told()).as("an event at 11,000 would not be late").isEmpty();

    rig.arrive(other(Side.RIGHT, 12_001));
    rig.commit();
    assertThat(rig.told()).containsExactly("k:l+-@10000");
  }

  /// The defect that Kafka Streams had before 3.1: a null side, and then the match.
  @Test
  void nobodyIsToldToBeAloneWhoMeetsSomebodyLater() {
    JoinRig rig = outer(JoinWindow.within(SECOND).grace(SECOND.multipliedBy(10)));
    rig.arrive(left("l", 10_000));
    rig.arrive(right("far", 19_000));
    rig.arrive(right("out of order", 9_500));
    rig.arrive(other(Side.RIGHT, 60_000));
    rig.arrive(other(Side.LEFT, 60_000));
    rig.commit();

    assertThat(rig.told())
        .containsExactly("k:l+out of order@10000", "other:o+o@60000", "k:-+far@19000");
  }

  @Test
  void oneThatComesWhenTheOtherSideIsLongPastIsToldAtOnceAndNotHeld() {
    JoinRig rig = outer(JoinWindow.within(SECOND));
    rig.arrive(right("r", 1_500));
    rig.arrive(other(Side.RIGHT, 50_000));
    rig.arrive(left("meets", 1_000));
    rig.arrive(left("alone", 20_000));
    rig.commit();

    assertThat(rig.told()).containsExactly("k:meets+r@1500", "k:alone+-@20000");
    assertThat(rig.stored())
        .filteredOn(key -> StoreKeys.isData(key.bytes()))
        .as("the right event at 50,000")
        .hasSize(1);
  }

  @Test
  void anEventThatIsLateBySideMeetsNobodyAndIsCounted() {
    JoinRig rig = outer(JoinWindow.within(SECOND).grace(SECOND));
    rig.arrive(right("r", 5_000));
    rig.arrive(left("l", 6_000));
    rig.arrive(left("in time", 5_000));
    rig.arrive(left("late", 4_999));
    rig.commit();

    assertThat(rig.told()).containsExactly("k:l+r@6000", "k:in time+r@5000");
    assertThat(rig.app().meters().scrape()).contains("gretchen_events_late_total{table=\"j\"} 1.0");
  }

  @Test
  void aSideThatIsIdleIsNotWaitedFor() {
    JoinRig rig =
        new JoinRig(JoinWindow.within(SECOND).idleAfter(SECOND.multipliedBy(10)), Join::left);
    rig.arrive(right("r", 1_000));
    rig.arrive(left("l", 3_000));
    rig.arrive(other(Side.LEFT, 14_000));
    rig.commit();
    assertThat(rig.told()).as("the right side is taken to be at 4,000").isEmpty();

    rig.arrive(other(Side.LEFT, 14_001));
    rig.arrive(right("late", 3_500));
    rig.commit();

    assertThat(rig.told()).containsExactly("k:l+-@3000");
    assertThat(rig.app().meters().scrape()).contains("gretchen_events_late_total{table=\"j\"} 1.0");
  }

  @Test
  void whatWasToldAndNotCommittedIsToldByTheSuccessorAndThenNeverAgain() {
    JoinRig rig = new JoinRig(JoinWindow.within(SECOND), Join::left);
    rig.arrive(left("l", 1_000));
    rig.commit();
    rig.arrive(other(Side.RIGHT, 9_000));
    rig.die();
    rig.commit();
    assertThat(rig.told()).containsExactly("k:l+-@1000");

    rig.die();
    rig.commit();
    assertThat(rig.told()).as("once and for all").hasSize(1);
  }

  @Test
  void tenThousandEventsLeaveNeitherStoreNorChangelog() {
    JoinRig rig = outer(JoinWindow.within(SECOND));
    for (int i = 0; i < 10_000; i++) {
      rig.arrive(i % 2 == 0 ? left("l", i * 300L) : right("r", i * 300L));
      if (i % 50 == 49) {
        rig.commit();
      }
    }

    assertThat(rig.stored()).hasSizeLessThan(20);
    assertThat(rig.changelog()).hasSizeLessThan(20);
  }

  @Test
  void anEventThatDoesNotSayItsSideIsADeadLetter() {
    JoinRig rig = outer(JoinWindow.within(SECOND));
    rig.arrive(left("l", 1_000));
    rig.offerUntagged(TestApp.record(1, 2_000, "k", "v"));
    rig.commit();

    assertThat(rig.outputs())
        .singleElement()
        .satisfies(letter ->
            assertThat(
                    TestApp.text(
                        letter.headers().lastHeader("gretchen-dead-letter-reason").value()))
                .contains("has no header gretchen-join-side", "never to this one"));
  }

  @Test
  void whatAJoinKeepsIsReadAsItWasWritten() {
    byte[] key = TestApp.bytes("key");
    ByteKey held = JoinKeys.held(Side.RIGHT, key, 7, 9);
    ByteKey inLine = JoinKeys.inLine(Side.RIGHT, key, 7, 9);
    assertThat(JoinKeys.held(inLine)).isEqualTo(held);
    assertThat(JoinKeys.time(held)).isEqualTo(7);
    assertThat(JoinKeys.side(held)).isEqualTo(Side.RIGHT);
    assertThat(StoreKeys.own(held)).isEqualTo(key);
    assertThat(StoreKeys.isData(inLine.bytes())).isFalse();

    byte[] id = {1, 2, 3};
    for (byte[] each : new byte[][] {id, new byte[0]}) {
      Held read = Held.CODEC.decode(Held.CODEC.encode(new Held(true, each, key)));
      assertThat(read.isAwaited()).isTrue();
      assertThat(read.id()).isEqualTo(each);
      assertThat(read.value()).isEqualTo(key);
    }
    Held bare = Held.CODEC.decode(Held.CODEC.encode(new Held(false, null, new byte[0])));
    assertThat(bare.isAwaited()).isFalse();
    assertThat(bare.id()).isNull();
    assertThat(bare.value()).isEmpty();

    SideTimes times = SideTimes.UNKNOWN.with(Side.RIGHT, 5);
    assertThat(SideTimes.CODEC.decode(SideTimes.CODEC.encode(times))).isEqualTo(times);
    assertThat(times.with(Side.RIGHT, 4)).isSameAs(times);
  }
}
