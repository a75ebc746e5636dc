package dev.gretchen.engine.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.join.SideTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// The arithmetic of windows, against the plainest words for it.
class WindowSpecPropertyTest {

  @Property(tries = 500)
  void aMomentHasTheWindowsThatHoldItAndNoOther(
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @IntRange(min = 1, max = 60) int anyStep,
      @ForAll @LongRange(min = 0, max = 500) long moment) {
    WindowSpec.Aligned windows = new WindowSpec.Aligned(size, Math.min(anyStep, size), 0, 0);
    long step = windows.stepMillis();

    List<Long> told = new ArrayList<>();
    for (long start = windows.firstStart(moment);
        start <= windows.lastStart(moment);
        start += step) {
      told.add(start);
    }

    assertThat(told)
        .isNotEmpty()
        .isEqualTo(
            LongStream.rangeClosed(0, moment)
                .filter(start -> start % step == 0 && start <= moment && moment < start + size)
                .boxed()
                .toList());
  }

  @Property(tries = 500)
  void aWindowClosesAtItsEndAndGraceAndIsDroppedAtItsEndAndRetention(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 40) int anyStep,
      @ForAll @IntRange(min = 0, max = 30) int grace,
      @ForAll @IntRange(min = 0, max = 30) int longer,
      @ForAll @LongRange(min = 0, max = 300) long streamTime) {
    WindowSpec.Aligned windows =
        new WindowSpec.Aligned(size, Math.min(anyStep, size), grace, grace + longer);

    for (long start = 0; start <= streamTime; start += windows.stepMillis()) {
      assertThat(windows.isClosed(start, streamTime)).isEqualTo(start + size + grace <= streamTime);
      assertThat(start <= windows.lastDropped(streamTime))
          .isEqualTo(start + size + grace + longer <= streamTime);
    }
  }

  /// Whoever looks only then misses nothing.
  @Property(tries = 300)
  void nothingClosesOrIsDroppedBetweenTwoOfItsMoments(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 1, max = 40) int anyStep,
      @ForAll @IntRange(min = 0, max = 30) int grace,
      @ForAll @IntRange(min = 0, max = 30) int longer,
      @ForAll @LongRange(min = -50, max = 300) long streamTime) {
    WindowSpec.Aligned windows =
        new WindowSpec.Aligned(size, Math.min(anyStep, size), grace, grace + longer);
    long close = windows.nextClose(streamTime);
    long drop = windows.nextDrop(streamTime);

    assertThat(close).isGreaterThan(streamTime);
    assertThat(drop).isGreaterThan(streamTime);
    assertThat(startsUpTo(windows, windows.lastClosed(close - 1)))
        .isEqualTo(startsUpTo(windows, windows.lastClosed(streamTime)));
    assertThat(startsUpTo(windows, windows.lastDropped(drop - 1)))
        .isEqualTo(startsUpTo(windows, windows.lastDropped(streamTime)));
  }

  private static List<Long> startsUpTo(WindowSpec.Aligned windows, long last) {
    return LongStream.rangeClosed(0, last)
        .filter(start -> start % windows.stepMillis() == 0)
        .boxed()
        .toList();
  }

  @Property(tries = 500)
  void anEventJoinsASessionWhereTheirStretchesOverlap(
      @ForAll @IntRange(min = 1, max = 20) int gap,
      @ForAll @IntRange(min = 0, max = 50) int start,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 0, max = 120) int moment) {
    WindowSpec.Sessions sessions = new WindowSpec.Sessions(gap, 0);
    boolean overlap =
        LongStream.range(moment, moment + gap).anyMatch(at -> start <= at && at < start + length);

    assertThat(sessions.joins(start, start + length, moment)).isEqualTo(overlap);
  }

  @Property(tries = 500)
  void eventsMeetFromEitherSideAlike(
      @ForAll @IntRange(max = 20) int before,
      @ForAll @IntRange(max = 20) int after,
      @ForAll @LongRange(min = 0, max = 60) long left,
      @ForAll @LongRange(min = 0, max = 60) long right) {
    WindowSpec.Join join = new WindowSpec.Join(before, after, 0, WindowSpec.Join.WAITS);
    boolean meet = left - before <= right && right <= left + after;

    assertThat(join.firstMet(Side.LEFT, left) <= right && right <= join.lastMet(Side.LEFT, left))
        .isEqualTo(meet);
    assertThat(join.firstMet(Side.RIGHT, right) <= left && left <= join.lastMet(Side.RIGHT, right))
        .isEqualTo(meet);
  }

  @Property(tries = 500)
  void anEventIsDoneExactlyWhenAllThatMeetItIsLate(
      @ForAll @IntRange(max = 20) int reach,
      @ForAll @IntRange(max = 20) int grace,
      @ForAll @IntRange(max = 100) int idle,
      @ForAll Side side,
      @ForAll @LongRange(min = 0, max = 60) long moment,
      @ForAll @LongRange(min = 0, max = 120) long own,
      @ForAll @LongRange(min = 0, max = 120) long other) {
    WindowSpec.Join join =
        new WindowSpec.Join(reach, reach, grace, idle > 50 ? WindowSpec.Join.WAITS : idle);
    SideTimes times = SideTimes.UNKNOWN.with(side, Math.max(own, moment)).with(side.other(), other);

    assertThat(moment <= join.lastDone(side, times))
        .isEqualTo(
            LongStream.rangeClosed(join.firstMet(side, moment), join.lastMet(side, moment))
                .allMatch(met -> join.isLate(side.other(), met, times)));
  }

  @Property(tries = 300)
  void placesAreARisingSet(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 15) Integer> moves) {
    TreeSet<Long> model = new TreeSet<>();
    Places places = Places.NONE;
    for (int i = 0; i < moves.size(); i++) {
      long place = moves.get(i);
      boolean adds = i % 3 != 2;
      places = adds ? places.with(place) : places.without(place);
      if (adds) {
        model.add(place);
      } else {
        model.remove(place);
      }
      Places read = Places.CODEC.decode(Places.CODEC.encode(places));
      assertThat(LongStream.range(0, read.size()).map(at -> read.get((int) at)))
          .containsExactlyElementsOf(model);
      assertThat(read.isEmpty()).isEqualTo(model.isEmpty());
    }
  }

  @Property(tries = 100)
  void sessionsAreReadAsTheyWereWritten(
      @ForAll @LongRange(min = 0) long start,
      @ForAll @LongRange(min = 0) long end,
      @ForAll String value) {
    SessionCodec<byte[]> codec = new SessionCodec<>(Codecs.bytes());
    byte[] content = value.getBytes(java.nio.charset.StandardCharsets.UTF_8);

    byte[] written = codec.encode(new Session<>(start, end, content));

    Session<byte[]> read = codec.decode(written);
    assertThat(read.start()).isEqualTo(start);
    assertThat(read.end()).isEqualTo(end);
    assertThat(read.value()).isEqualTo(content);
    assertThat(SessionCodec.end(written)).isEqualTo(end);
  }

  @Test
  void refusesWindowsThatDoNotFitTogether() {
    assertThatThrownBy(() -> new WindowSpec.Aligned(10, 11, 0, 0))
        .hasMessageContaining("at most the size, found 10 and 11");
    assertThatThrownBy(() -> new WindowSpec.Aligned(10, 0, 0, 0))
        .hasMessageContaining("at least 1 ms");
    assertThatThrownBy(() -> new WindowSpec.Aligned(10, 10, 5, 4))
        .hasMessageContaining("the retention not below the grace, found 5 and 4");
    assertThatThrownBy(() -> new WindowSpec.Join(1, 2, -3, 4))
        .hasMessageContaining("found 1 before and 2 after, -3 and 4 ms");
    assertThatThrownBy(() -> new WindowSpec.Sessions(0, 0)).hasMessageContaining("at least 1 ms");
    assertThatThrownBy(() -> new WindowSpec.Sessions(1, -1)).hasMessageContaining("not negative");
  }
}
