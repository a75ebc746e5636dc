package dev.gretchen.verifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.history.FaultLine;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class WrongClockTest {
  private static final long HOUR = 3_600_000;

  @Example
  void anEntryOfThatWorkerIsPutRight() {
    assertThat(clock(HOUR).right(entry("w1", 20_000 + HOUR), 20_150).at()).isEqualTo(20_000);
    assertThat(clock(-HOUR).right(entry("w1", 20_000 - HOUR), 20_150).at()).isEqualTo(20_000);
  }

  @Example
  void oneThatWasWrittenBeforeTheJumpAndSeenAfterItStays() {
    assertThat(clock(HOUR).right(entry("w1", 9_990), 10_200).at()).isEqualTo(9_990);
  }

  @Example
  void anotherWorkersEntryStaysWhateverItSays() {
    assertThat(clock(HOUR).right(entry("w2", 20_000 + HOUR), 20_150).at()).isEqualTo(20_000 + HOUR);
  }

  @Example
  void longAfterTheFaultNothingIsPutRight() {
    assertThat(clock(HOUR).right(entry("w1", 50_000 + HOUR), 50_100).at()).isEqualTo(50_000 + HOUR);
  }

  @Example
  void onlyFaultsOfClocksAreAny() {
    FaultLine kill =
        new FaultLine("P1", "kill-owner", "w1", 5, 6, true, 1, "", List.of(), List.of(), null);
    FaultLine jump =
        new FaultLine(
            "C1",
            "clock-jump",
            "w2",
            7,
            9,
            true,
            0,
            "",
            List.of(),
            List.of(),
            null,
            -HOUR,
            List.of());
    assertThat(WrongClock.of(List.of(kill, jump)))
        .containsExactly(new WrongClock("w2", 7, 9, -HOUR));
  }

  /// Neither the shortest jump nor the slowest observer makes it doubtful which time is meant.
  @Property
  void whateverClockItWasWrittenByTheTimeIsTheTrueOne(
      @ForAll @IntRange(min = 10_000, max = 30_000) int truly,
      @ForAll @IntRange(min = 0, max = 9_900) int observedLater,
      @ForAll @IntRange(min = 20_000, max = 180_000_000) int jump,
      @ForAll boolean back,
      @ForAll boolean jumped) {
    long ahead = back ? -jump : jump;
    AuditEvent told = entry("w1", jumped ? truly + ahead : truly);
    assertThat(clock(ahead).right(told, truly + observedLater).at()).isEqualTo(truly);
  }

  private static WrongClock clock(long ahead) {
    return new WrongClock("w1", 10_000, 30_000, ahead);
  }

  private static AuditEvent entry(String worker, long at) {
    return new AuditEvent(at, worker, "i", "assigned", "words", 3, 7, "", -1);
  }
}
