package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The registry against the codes of the catalogue: none may be absent in silence.
final class CatalogueTest {
  /// How many codes a letter has, 0 where it is one itself.
  private static final Map<String, Integer> LETTERS = new LinkedHashMap<>();

  static {
    LETTERS.put("P", 13);
    LETTERS.put("S", 6);
    LETTERS.put("N", 17);
    LETTERS.put("B", 12);
    LETTERS.put("G", 10);
    LETTERS.put("D", 11);
    LETTERS.put("C", 5);
    LETTERS.put("X", 0);
    LETTERS.put("T", 0);
    LETTERS.put("U", 0);
    LETTERS.put("M", 0);
  }

  @Test
  void eachCodeRunsOrSaysWhyNot() {
    assertThat(Stream.concat(ids(), omitted()).distinct())
        .containsExactlyInAnyOrderElementsOf(catalogue());
  }

  @Test
  void aCodeThatRunsIsOmittedOnlyInPart() {
    // a topic may be given partitions, and not be made anew
    assertThat(omitted().filter(id -> ids().anyMatch(id::equals))).containsExactly("B8");
  }

  @Test
  void noWordMeansTwoThings() {
    assertThat(
            Stream.concat(
                Arrays.stream(FaultKind.values()).map(FaultKind::word),
                Arrays.stream(Omission.values()).map(Omission::word)))
        .doesNotHaveDuplicates();
  }

  private static Stream<String> ids() {
    return Arrays.stream(FaultKind.values()).map(FaultKind::id);
  }

  private static Stream<String> omitted() {
    return Arrays.stream(Omission.values()).map(Omission::id);
  }

  private static List<String> catalogue() {
    return LETTERS.entrySet().stream()
        .flatMap(letter ->
            letter.getValue() == 0
                ? Stream.of(letter.getKey())
                : IntStream.rangeClosed(1, letter.getValue())
                    .mapToObj(number -> letter.getKey() + number))
        .toList();
  }
}
