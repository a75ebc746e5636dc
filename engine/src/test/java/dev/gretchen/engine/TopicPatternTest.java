package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPatternTest {

  @ParameterizedTest
  @CsvSource({
    "nyc.*.chat, nyc.soho.chat, true",
    "nyc.*.chat, nyc.soho.east.chat, false",
    "nyc.*.chat, nyc..chat, false",
    "nyc.*.chat, nyc.chat, false",
    "nyc.*.chat, nycXsohoXchat, false",
    "nyc.*.chat, new.nyc.soho.chat, false",
    "nyc.**, nyc.soho.east.chat, true",
    "nyc.**, nyc, false",
    "**.chat, nyc.soho.chat, true",
    "nyc.east-*, nyc.east-4, true",
    "nyc.east-*, nyc.east-, true",
    "nyc.east-*, nyc.east-4.chat, false",
    "*, chat, true",
    "*, nyc.chat, false"
  })
  void aStarIsAPartOfOneLevelAndTwoAreLevels(String pattern, String topic, boolean matches) {
    assertThat(new TopicPattern(pattern).matches(topic)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nyc. .chat", "nyc.[a-z]+", ".*", "*."})
  void refusesWhatIsNoPatternAndSaysWhatOneIs(String text) {
    assertThatThrownBy(() -> new TopicPattern(text)).hasMessageContaining("as in nyc.*.chat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nyc", "nyc.soho.chat"})
  void refusesAPatternThatIsOneTopic(String text) {
    assertThatThrownBy(() -> new TopicPattern(text)).hasMessageContaining("app.topic(...)");
  }
}
