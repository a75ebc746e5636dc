package dev.gretchen.verifier.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  private static final String YAML =
      """
      # a comment
      name: mine
      many: 1_000_000
      part:
        length: 90s
        share: +12.5%
      texts: [a, b]
      one: a
      lengths: [20ms, 1m]
      day: 2027-01-31
      nothing:
      parts:
        - {word: left}
        - word: right
      """;

  private final Settings settings = Settings.parse("my.yaml", YAML);

  @Test
  void readsValues() {
    assertThat(settings.text("name")).isEqualTo("mine");
    assertThat(settings.count("many", 1, 1_000_000)).isEqualTo(1_000_000);
    assertThat(settings.part("part").duration("length")).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.part("part").share("share", 1)).isEqualTo(0.125);
    assertThat(settings.texts("texts")).containsExactly("a", "b");
    assertThat(settings.texts("one")).containsExactly("a");
    assertThat(settings.durations("lengths"))
        .containsExactly(Duration.ofMillis(20), Duration.ofMinutes(1));
    assertThat(settings.date("day")).isEqualTo(LocalDate.of(2027, 1, 31));
    assertThat(settings.words("texts", List.of("a", "b", "c"), word -> word))
        .containsExactly("a", "b");
    assertThat(settings.part("nothing").keys()).isEmpty();
    assertThat(settings.part("absent").keys()).isEmpty();
    assertThat(settings.list("absent")).isEmpty();
    assertThat(settings.list("parts"))
        .extracting(part -> part.text("word"))
        .containsExactly("left", "right");
    assertThat(settings.keys()).startsWith("name", "many", "part");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "many  | my.yaml:3: many: expected a number from 1 to 10, found '1_000_000'",
        "name  | my.yaml:2: name: expected a number from 1 to 10, found 'mine'",
        "part  | my.yaml:4: part: expected a number from 1 to 10, found a mapping",
        "texts | my.yaml:7: texts: expected a number from 1 to 10, found a list",
        "none  | my.yaml:2: none: expected a number from 1 to 10, found nothing",
      })
  void namesTheLineOfAMistake(String key, String sentence) {
    assertThatThrownBy(() -> settings.count(key, 1, 10))
        .isInstanceOf(SettingsException.class)
        .hasMessage(sentence);
  }

  @Test
  void namesTheLineOfAMistakeInAPart() {
    assertThatThrownBy(() -> settings.part("part").only("length"))
        .hasMessage("my.yaml:6: part.share: expected one of the keys length, found this one");
    assertThatThrownBy(() -> settings.list("parts").get(1).word("word", List.of("left"), w -> w))
        .hasMessage("my.yaml:14: parts[1].word: expected left, found 'right'");
    assertThatThrownBy(() -> settings.duration("name")).hasMessageContaining("90s, 5m or 8h");
    assertThatThrownBy(() -> settings.date("name")).hasMessageContaining("2027-01-31");
    assertThatThrownBy(() -> settings.list("texts"))
        .hasMessage("my.yaml:7: texts: expected a list of mappings, found 'a' in it");
    assertThatThrownBy(() -> settings.text("nothing")).hasMessageContaining("expected a text");
  }

  @Test
  void namesTheFileThatIsNotThere() {
    assertThatThrownBy(() -> Settings.read(Path.of("no-such.yaml")))
        .hasMessage("no-such.yaml: expected a YAML file, found no such file");
  }
}
