package dev.gretchen.engine.internal.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ProgressFormatTest {

  @Property(tries = 500)
  void whatIsEncodedIsDecoded(@ForAll("progress") Progress progress) {
    String metadata = ProgressFormat.encode(4_711, progress);
    assertThat(ProgressFormat.decode(progress.offset(), metadata)).isEqualTo(progress);
    assertThat(metadata).startsWith(progress.isAhead() ? "v2,4711," : "v1,4711");
  }

  @Property(tries = 500)
  void aSetThatLosesAnOffsetNeedsNoMoreRoom(@ForAll("progress") Progress progress) {
    List<Long> left = new ArrayList<>(progress.unfinished());
    while (left.size() > 1) {
      int before = distances(left);
      left.remove(left.size() / 2);
      assertThat(distances(left)).isLessThanOrEqualTo(before);
    }
  }

  private static int distances(List<Long> unfinished) {
    int bytes = 0;
    for (int i = 1; i < unfinished.size(); i++) {
      bytes += ProgressFormat.sizeOf(unfinished.get(i - 1), unfinished.get(i));
    }
    return bytes;
  }

  @Provide
  Arbitrary<Progress> progress() {
    Arbitrary<Long> distances =
        Arbitraries.oneOf(
            Arbitraries.longs().between(1, 3),
            Arbitraries.longs().between(120, 140),
            Arbitraries.longs().between(16_000, 17_000),
            Arbitraries.longs().between(1, 1L << 40));
    return Arbitraries.longs()
        .between(0, 1L << 40)
        .flatMap(offset ->
            distances
                .list()
                .ofMaxSize(300)
                .flatMap(steps ->
                    Arbitraries.longs()
                        .between(1, 1L << 20)
                        .map(beyond -> progress(offset, steps, beyond))));
  }

  private static Progress progress(long offset, List<Long> steps, long beyond) {
    TreeSet<Long> unfinished = new TreeSet<>();
    long last = offset - 1;
    for (long step : steps) {
      last += step;
      unfinished.add(last);
    }
    return new Progress(offset, last + beyond, List.copyOf(unfinished));
  }

  @Test
  void isTheFormatOfTheContract() {
    Progress progress = new Progress(100, 1_000, List.of(100L, 101L, 300L));
    // 900, 0, 0, 198 in seven bits a byte
    assertThat(ProgressFormat.encode(7, progress)).isEqualTo("v2,7,hAcAAMYB");
    assertThat(ProgressFormat.encode(7, Progress.at(100))).isEqualTo("v1,7");
  }

  @Test
  void takesAnOffsetThatWasSetByHandAsItIs() {
    assertThat(ProgressFormat.decode(5, "")).isEqualTo(Progress.at(5));
    assertThat(ProgressFormat.decode(5, "set by me")).isEqualTo(Progress.at(5));
  }

  @Test
  void refusesWhatItCannotRead() {
    for (String metadata : List.of("v3,1,AAAA", "v2,1", "v2,1,?", "v2,1,_w", "v2,1,AQIC")) {
      assertThatThrownBy(() -> ProgressFormat.decode(5, metadata))
          .as(metadata)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("offset 5")
          .hasMessageContaining(metadata);
    }
  }

  @Test
  void refusesToWriteWhatBrokersWouldRefuse() {
    List<Long> unfinished = new ArrayList<>();
    for (long each = 0; each < 4_000; each++) {
      unfinished.add(each * 2);
    }
    assertThatThrownBy(() -> ProgressFormat.encode(1, new Progress(0, 8_000, unfinished)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("4096");
  }
}
