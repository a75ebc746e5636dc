package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.soak.Thinning.Kept;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ThinningTest {

  @Test
  void takesTheOldestCleanOnesUntilTheRestFits() {
    List<Kept> runs =
        List.of(clean(1, 10), clean(2, 10), failed(3, 10), clean(4, 10), clean(5, 10));

    assertThat(Thinning.choose(runs, 50)).isEmpty();
    assertThat(Thinning.choose(runs, 49)).containsExactly(runs.get(0));
    assertThat(Thinning.choose(runs, 30)).containsExactly(runs.get(0), runs.get(1));
    assertThat(Thinning.choose(runs, 20)).containsExactly(runs.get(0), runs.get(1), runs.get(3));
  }

  @Test
  void leavesEvidenceAndTheLatestCleanRunOfEachApp() {
    List<Kept> runs =
        List.of(failed(1, 10), new Kept("b/2", "b", true, 10), clean(3, 10), failed(4, 10));

    assertThat(Thinning.choose(runs, 0)).isEmpty();
  }

  @Property
  void neverTouchesEvidenceAndTakesNoMoreThanItMust(
      @ForAll @Size(max = 30) List<@IntRange(min = -50, max = 50) Integer> sizes,
      @ForAll @IntRange(max = 1_000) int bound) {
    List<Kept> runs = new ArrayList<>();
    for (int size : sizes) {
      runs.add(new Kept("a/" + runs.size(), "a", size >= 0, Math.abs(size)));
    }

    List<Kept> chosen = Thinning.choose(runs, bound);

    assertThat(chosen).allMatch(Kept::clean).doesNotHaveDuplicates();
    long left = Thinning.bytes(runs) - Thinning.bytes(chosen);
    if (!chosen.isEmpty()) {
      assertThat(left + chosen.getLast().bytes()).isGreaterThan(bound);
    }
    List<Kept> clean = runs.stream().filter(Kept::clean).toList();
    if (left > bound && !clean.isEmpty()) {
      // nothing is left to be taken but the latest
      assertThat(chosen)
          .containsAll(
              clean.subList(0, clean.size() - 1).stream().filter(r -> r.bytes() > 0).toList());
    }
    if (!clean.isEmpty()) {
      assertThat(chosen).doesNotContain(clean.getLast());
    }
  }

  private static Kept clean(int number, long bytes) {
    return new Kept("a/" + number, "a", true, bytes);
  }

  private static Kept failed(int number, long bytes) {
    return new Kept("a/" + number, "a", false, bytes);
  }
}
