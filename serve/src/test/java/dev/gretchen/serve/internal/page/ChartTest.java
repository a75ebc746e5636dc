package dev.gretchen.serve.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.serve.internal.page.Chart.Curve;
import dev.gretchen.verifier.report.Html;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChartTest {

  private static final String GAP = "M62.0 144.0";

  @Test
  void leavesAGapWhereNothingWasMeasured() {
    String drawn = draw(List.of(0.0, -1.0, 100.0, 100.0));

    assertThat(drawn).contains("d=\"" + GAP + "M").doesNotContain("-1");
    assertThat(drawn.split("class=\"mark\"", -1)).as("a mark each, and one in the key").hasSize(5);
  }

  @Test
  void hasAScaleOfShortNumbers() {
    assertThat(draw(List.of(219.0)))
        .contains(">240 ms<", ">180 ms<", ">120 ms<", ">60 ms<", ">0 ms<");
    assertThat(draw(List.of(0.9)))
        .contains(">1 ms<", ">0.75 ms<", ">0.50 ms<", ">0.25 ms<", ">0 ms<");
  }

  @Test
  void tellsEachValueWhenItIsPointedAt() {
    assertThat(draw(List.of(12.0, 1_500_000.0)))
        .contains("<title>at 0, p99: 12 ms</title>", "<title>at 1, p99: 1.5M ms</title>");
  }

  @Test
  void saysInWordsWhereACurveBeginsAndEnds() {
    assertThat(draw(List.of(12.0, 14.0)))
        .contains("aria-label=\"Latency; p99 from 12 ms to 14 ms\"");
  }

  @Property
  void drawsWithinItsFrame(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = 0, max = 1e12) Double> values) {
    String drawn = draw(values);

    for (String mark : drawn.split("<path d=\"M", -1)) {
      String[] point = mark.split("[ m]", 3);
      if (mark.contains("class=\"mark\"") && mark.contains("<title>")) {
        assertThat(Double.parseDouble(point[0])).isBetween(62.0, 392.0);
        assertThat(Double.parseDouble(point[1])).isBetween(12.0, 144.0);
      }
    }
    assertThat(drawn).doesNotContain("NaN", "Infinity");
  }

  private static String draw(List<Double> values) {
    Html html = new Html();
    List<String> labels = IntStream.range(0, values.size()).mapToObj(i -> "at " + i).toList();
    new Chart("Latency", "ms", labels, List.of(new Curve("p99", values))).render(html);
    return html.document();
  }
}
