package dev.gretchen.apps.wordcolors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaletteTest {

  @Test
  void knowsThreePrimaryColours() {
    Palette primary = Palette.parse("primary");

    assertThat(primary.contains("red") && primary.contains("green") && primary.contains("blue"))
        .isTrue();
    assertThat(primary.contains("Red") || primary.contains("") || primary.contains("tomato"))
        .isFalse();
  }

  @Test
  void knowsTheNamedColoursOfCss() {
    assertThat(CssColors.NAMES).hasSize(148).allMatch(name -> name.matches("[a-z]+"));
    assertThat(Palette.parse("css").contains("rebeccapurple")).isTrue();
    assertThat(Palette.parse("css").contains("transparent")).isFalse();
  }

  @Test
  void countsSyntheticColoursFromNoughtUpToItsNumber() {
    Palette palette = Palette.parse("synthetic:100");

    assertThat(palette.contains("c0") && palette.contains("c7") && palette.contains("c99"))
        .isTrue();
    assertThat(palette.contains("c100")).isFalse();
    assertThat(Palette.parse("synthetic:99999999").contains("c99999998")).isTrue();
    assertThat(Palette.parse("synthetic:1").contains("c1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "c", "c01", "c-1", "d1", "C1", "c1 ", "c1x", "c4294967296", "c٣"})
  void acceptsOneSpellingOfASyntheticColourOnly(String word) {
    assertThat(Palette.parse("synthetic:99999999").contains(word)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Primary", "synthetic", "synthetic:0", "synthetic:x", "synthetic:123456789"})
  void saysWhatItExpects(String text) {
    assertThatThrownBy(() -> Palette.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("primary, css or synthetic:N")
        .hasMessageContaining("'" + text + "'");
  }
}
