package dev.gretchen.apps.wordcolors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordColorsTest {

  @Test
  void fitsTogether() {
    // the topology is checked before a broker is asked for: what is missed here is the brokers
    assertThat(WordColors.app(Palette.parse("primary")).name()).isEqualTo("word-colors");
    assertThatThrownBy(() ->
            Worker.start(
                WordColors.app(Palette.parse("primary")), WorkerOptions.of(List.of(), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--bootstrap is missing");
  }
}
