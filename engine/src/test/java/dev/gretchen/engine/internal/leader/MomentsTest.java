package dev.gretchen.engine.internal.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Every;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MomentsTest {

  private static Every every(int millis) {
    return new Every(Duration.ofMillis(millis));
  }

  @Test
  void areTheMultiplesOfEveryPeriodInOrderAndOnce() {
    Moments moments = new Moments(List.of(every(20), every(30)));
    assertThat(moments.between(1, 90, 10)).containsExactly(20L, 30L, 40L, 60L, 80L, 90L);
    assertThat(moments.between(20, 29, 10)).containsExactly(20L);
    assertThat(moments.between(1, 90, 2)).containsExactly(20L, 30L);
    assertThat(moments.next(61)).isEqualTo(80);
    assertThat(moments.next(60)).isEqualTo(60);
  }

  /// However the stretches are cut, as by takeovers.
  @Property
  void noneIsLostOrDoubledWhereOneStretchFollowsTheOther(
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 40) Integer> periods,
      @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 50) Integer> stretches) {
    Moments moments = new Moments(periods.stream().map(MomentsTest::every).toList());
    List<Long> found = new java.util.ArrayList<>();
    long from = 100;
    for (int stretch : stretches) {
      found.addAll(moments.between(from, from + stretch - 1, Integer.MAX_VALUE));
      from += stretch;
    }
    assertThat(found)
        .isEqualTo(
            LongStream.range(100, from)
                .filter(at -> periods.stream().anyMatch(period -> at % period == 0))
                .boxed()
                .toList());
  }
}
