package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class DownsampleTest {

  @Property(tries = 200)
  void keepsTheExtremesAndTheOrderAndFewPoints(
      @ForAll @Size(max = 5_000) List<@LongRange(min = 0, max = 100_000) Long> values) {
    List<Downsample.Point> points = Downsample.points(values);

    assertThat(points).hasSizeLessThanOrEqualTo(Downsample.POINTS_MAX);
    assertThat(points).allSatisfy(p -> assertThat(values.get(p.index())).isEqualTo(p.value()));
    assertThat(IntStream.range(1, points.size()))
        .allMatch(i -> points.get(i - 1).index() < points.get(i).index());
    assertThat(points.stream().mapToLong(Downsample.Point::value).max())
        .isEqualTo(values.stream().mapToLong(v -> v).max());
    assertThat(points.stream().mapToLong(Downsample.Point::value).min())
        .isEqualTo(values.stream().mapToLong(v -> v).min());
  }

  @Property(tries = 20)
  void leavesShortSeriesAsTheyAre(@ForAll @Size(max = 600) List<Long> values) {
    assertThat(Downsample.points(values).stream().map(Downsample.Point::value).toList())
        .isEqualTo(values);
  }
}
