package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LanesTest {

  @Property(tries = 200)
  void letsNoTwoInALaneOverlap(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 700) Integer> starts,
      @ForAll @IntRange(min = 1, max = 200) int width) {
    List<Lanes.Span> spans = starts.stream().map(s -> new Lanes.Span(s, s + width)).toList();

    List<Integer> lanes = Lanes.of(spans);

    for (int i = 0; i < spans.size(); i++) {
      for (int j = i + 1; j < spans.size(); j++) {
        boolean apart = Math.abs(starts.get(i) - starts.get(j)) >= width;
        assertThat(apart || !lanes.get(i).equals(lanes.get(j))).isTrue();
      }
    }
    assertThat(IntStream.range(0, Lanes.count(lanes))).allMatch(lanes::contains);
  }
}
