package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8081",
        "http://127.0.0.1:8081",
        "http://[::1]:8081",
        "HTTP://LOCALHOST:8081",
        "https://chat.example"
      })
  void admitsTheWorkersOwnPagesAndThoseThatAreNamed(String origin) {
    assertThat(Origins.parse(" https://Chat.example ,").admit(origin, 8081)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8082",
        "https://localhost:8081",
        "http://evil.example",
        "http://chat.example",
        "https://chat.example.evil.example",
        "https://chat.example:444",
        "null",
        ""
      })
  void refusesAllOthers(String origin) {
    assertThat(Origins.parse("https://chat.example").admit(origin, 8081)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat.example", "*", "https://chat.example/", "ftp://x", "https://a b"})
  void understandsOriginsAlone(String list) {
    assertThatThrownBy(() -> Origins.parse(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--origins");
  }

  @Test
  void namesNoneByDefault() {
    assertThat(Origins.parse("").allowed()).isEmpty();
  }
}
