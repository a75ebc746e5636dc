package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.WorkerOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontOptionsTest {

  private static FrontOptions of(String... arguments) {
    return FrontOptions.of(WorkerOptions.of(List.of(arguments), Map.of()), null);
  }

  @Test
  void areWhatTheContractSaysByDefault() {
    FrontOptions options = of();

    assertThat(options.withholds()).isTrue();
    assertThat(options.push().coalesce()).hasMillis(50);
    assertThat(options.postsPerSecond()).isEqualTo(5);
    assertThat(options.postsAtOnce()).isEqualTo(20);
    assertThat(options.connectionsMax()).isEqualTo(18_000);
    assertThat(options.access().token().matches("")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--withhold=maybe",
        "--coalesce=-1",
        "--coalesce=5001",
        "--posts-per-second=0",
        "--posts-at-once=many",
        "--connections-max=0",
        "--origins=chat.example"
      })
  void nameTheOptionThatIsNotUnderstood(String argument) {
    assertThatThrownBy(() -> of(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(argument.substring(0, argument.indexOf('=')));
  }
}
