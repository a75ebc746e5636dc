package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "any worker",
        "each worker",
        "new worker",
        "newest worker",
        "any service",
        "owner of word-colors-7",
        "leader of a.b_c-12",
        "broker 3",
        "input word-colors"
      })
  void readsWhatItWrites(String text) {
    assertThat(Target.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "owner of colors", "broker x", "the worker"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Target.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
