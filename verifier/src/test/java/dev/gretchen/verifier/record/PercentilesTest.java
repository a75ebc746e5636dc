package dev.gretchen.verifier.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class PercentilesTest {

  @Test
  void areValuesByTheNearestRank() {
    assertThat(Percentiles.of(LongStream.rangeClosed(1, 200).boxed().toList()))
        .isEqualTo(new Percentiles(200, 100, 180, 198, 200));
    assertThat(Percentiles.of(List.of(7L))).isEqualTo(new Percentiles(1, 7, 7, 7, 7));
    assertThat(Percentiles.of(List.of())).isEqualTo(new Percentiles(0, 0, 0, 0, 0));
  }

  @Property
  void atLeastSoManyAreNotAbove(@ForAll @NotEmpty List<Long> values) {
    Percentiles found = Percentiles.of(values);

    assertThat(values).contains(found.p50(), found.p90(), found.p99(), found.max());
    assertThat(values.stream().filter(value -> value <= found.p90()).count() * 100)
        .isGreaterThanOrEqualTo(90L * values.size());
    assertThat(values.stream().filter(value -> value < found.p90()).count() * 100)
        .isLessThan(90L * values.size());
  }
}
