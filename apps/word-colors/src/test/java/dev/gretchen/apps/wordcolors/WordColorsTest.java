package dev.gretchen.apps.wordcolors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import dev.gretchen.testkit.AppTester;
import dev.gretchen.testkit.TestRecord;
import dev.gretchen.testkit.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WordColorsTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final AppTester tester = AppTester.of(WordColors.app(Palette.parse("primary")));

  @AfterEach
  void close() {
    tester.close();
  }

  @Test
  void passesOnColoursAndNothingElse() {
    for (String word : List.of("red", "house", "blue", "Red", "red")) {
      tester.pipe("words", "somewhere", word);
    }

    assertThat(tester.read("colors"))
        .extracting(TestRecord::key)
        .containsExactly("red", "blue", "red");
    assertThat(tester.deadLetters()).isEmpty();
  }

  @Test
  void countsEachColour() {
    tester.pipe("words", "a", "red").pipe("words", "b", "blue").pipe("words", "c", "red");

    TestTable<String, Tally> total = tester.table("color-total");

    assertThat(total.get("red").orElseThrow().count()).isEqualTo(2);
    assertThat(total.get("blue").orElseThrow().count()).isEqualTo(1);
    assertThat(total.get("green")).isEmpty();
  }

  @Test
  void tellsEachStepOfACount() {
    tester.pipe("words", "a", "red").pipe("words", "b", "red");

    List<TestRecord<String, Tally>> counts = tester.read("color-counts");

    assertThat(counts).extracting(record -> record.value().count()).containsExactly(1L, 2L);
    assertThat(counts.getLast().value()).isEqualTo(tester.table("color-total").get("red").get());
  }

  @Test
  void cutsMinutesByEventTime() {
    tester.pipe("words", "a", "red", NOON);
    tester.pipe("words", "a", "red", NOON.plusSeconds(60));
    tester.pipe("words", "a", "red", NOON.plusMillis(59_999));

    TestTable<String, Tally> minutes = tester.table("color-minute");

    assertThat(minutes.at("red", NOON.plusSeconds(30)).orElseThrow().count()).isEqualTo(2);
    assertThat(minutes.at("red", NOON.plusSeconds(60)).orElseThrow().count()).isEqualTo(1);
  }

  @Test
  void leavesALateWordOutOfItsMinuteButNotOutOfTheTotal() {
    tester.pipe("words", "a", "red", NOON);
    tester.pipe("words", "a", "red", NOON.plus(Duration.ofMinutes(61)));
    tester.pipe("words", "a", "red", NOON);

    TestTable<String, Tally> minutes = tester.table("color-minute");
    TestTable<String, Tally> total = tester.table("color-total");

    assertThat(minutes.at("red", NOON)).as("dropped an hour after its end").isEmpty();
    assertThat(total.get("red").orElseThrow().count()).isEqualTo(3);
  }

  @Test
  void countsOnceThroughCrashes() {
    for (int i = 0; i < 20; i++) {
      tester.pipe("words", "k" + i, "red").advance(Duration.ofMillis(i)).crashAndRecover();
    }

    List<TestRecord<String, Tally>> counts = tester.read("color-counts");

    assertThat(counts)
        .extracting(record -> record.value().count())
        .hasSize(20)
        .doesNotHaveDuplicates();
    assertThat(counts.getLast().value().count()).isEqualTo(20);
  }

  @Test
  void needsToBeToldItsBrokers() {
    assertThatThrownBy(() ->
            Worker.start(
                WordColors.app(Palette.parse("primary")), WorkerOptions.of(List.of(), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--bootstrap is missing");
  }
}
