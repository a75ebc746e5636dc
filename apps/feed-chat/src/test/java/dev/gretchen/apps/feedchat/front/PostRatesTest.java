package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PostRatesTest {

  private static final long MILLI = 1_000_000;

  private long nanos;
  private final PostRates rates = new PostRates(5, 3, () -> nanos);

  @Test
  void letsAUserPostSoManyAtOnceAndThenSteadily() {
    assertThat(rates.take("ann")).isZero();
    assertThat(rates.take("ann")).isZero();
    assertThat(rates.take("ann")).isZero();
    assertThat(rates.take("ann")).isEqualTo(200);
    nanos += 199 * MILLI;
    assertThat(rates.take("ann")).isEqualTo(1);
    nanos += MILLI;
    assertThat(rates.take("ann")).isZero();
    assertThat(rates.take("ann")).isPositive();
  }

  @Test
  void countsEachUserAlone() {
    for (int i = 0; i < 4; i++) {
      rates.take("ann");
    }
    assertThat(rates.take("bob")).isZero();
  }

  @Test
  void forgetsWhoHasNotPostedForAWhileAndNobodyElse() {
    rates.take("ann");
    nanos += 150 * MILLI;
    rates.take("bob");
    nanos += 100 * MILLI;
    rates.tidy();
    assertThat(rates.buckets()).as("ann's is full again").isEqualTo(1);
    nanos += 1_000 * MILLI;
    rates.tidy();
    assertThat(rates.buckets()).isZero();
  }

  /// However the posts come, in no stretch of time are there more than may be.
  @Property
  void neverLetsMoreThroughThanItsRate(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 0, max = 400) Integer> pauses) {
    long[] now = {0};
    PostRates subject = new PostRates(5, 3, () -> now[0]);
    List<Long> passed = new ArrayList<>();
    for (int pause : pauses) {
      now[0] += pause * MILLI;
      if (subject.take("ann") == 0) {
        passed.add(now[0]);
      }
    }
    for (int from = 0; from < passed.size(); from++) {
      for (int to = from; to < passed.size(); to++) {
        double seconds = (passed.get(to) - passed.get(from)) / 1e9;
        assertThat((double) (to - from + 1)).isLessThanOrEqualTo(3 + 5 * seconds + 1e-6);
      }
    }
  }
}
