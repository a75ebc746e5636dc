package dev.gretchen.apps.feedchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "ann", "Zoë", "李", "a.b_c-d", "7", "\uD835\uDC9C"})
  void takesUsers(String name) {
    assertThat(Rules.user(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".a", "-a", "a b", "a/b", "a\u0000", "a\n", "<b>", "\uD835"})
  void refusesWhatIsNoUser(String name) {
    assertThatThrownBy(() -> Rules.user(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a b", "a/b", "ä", "a\"", "a\n"})
  void refusesWhatIsNoRoom(String name) {
    assertThatThrownBy(() -> Rules.room(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a room");
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65})
  void countsTheCharactersOfNames(int length) {
    String name = "a".repeat(length);
    if (length <= 64) {
      assertThat(Rules.user(Rules.room(name))).isEqualTo(name);
    } else {
      assertThatThrownBy(() -> Rules.user(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Rules.room(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hi", "two\nlines\tand a tab", "\uD83D\uDE00", "<script>"})
  void takesTexts(String text) {
    assertThat(Rules.text(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " \n\t", "bell\u0007", "\u0000", "half \uD83D", "\uDE00 half", "\u0085"})
  void refusesWhatIsNoText(String text) {
    assertThatThrownBy(() -> Rules.text(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00f3c1d2a4b5968", "00F3C1D2A4B59687", "00f3c1d2a4b596870", "xyz"})
  void refusesWhatIsNoId(String id) {
    assertThatThrownBy(() -> Rules.id(id)).hasMessageContaining("16 digits");
  }
}
