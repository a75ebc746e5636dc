package dev.gretchen.serve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

  private static final String SECRET = "0123456789abcdef";
  private static final Optional<Token> TOKEN = Optional.of(Token.of(SECRET));

  @Test
  void letsInWhoShowsIt() {
    assertThatCode(() -> Token.require(TOKEN, with("Bearer " + SECRET))).doesNotThrowAnyException();
    assertThatCode(() -> Token.require(TOKEN, with("bearer  " + SECRET)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer 0123456789abcde",
        "Bearer 0123456789abcdeF",
        "Bearer 0123456789abcdef0",
        "Basic 0123456789abcdef",
        "0123456789abcdef"
      })
  void asksForItWhereItIsNotShown(String authorization) {
    Refused refused =
        catchThrowableOfType(Refused.class, () -> Token.require(TOKEN, with(authorization)));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"gretchen\"");
    assertThat(refused.sentence()).doesNotContain(SECRET);
  }

  @Test
  void saysHowToStartAServerThatChangesSomething() {
    Refused refused =
        catchThrowableOfType(
            Refused.class, () -> Token.require(Optional.empty(), with("Bearer " + SECRET)));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.sentence()).contains("--token-file", "GRETCHEN_TOKEN");
  }

  @Test
  void isNoneThatCanBeGuessed() {
    assertThatThrownBy(() -> Token.of("short")).hasMessageContaining("5 characters, expected 16");
  }

  @Test
  void onLoopbackTheNamesOfLoopbackAreAnsweredAlone() {
    Hosts hosts = new Hosts(InetAddress.getLoopbackAddress());
    for (String name : new String[] {"localhost", "LOCALHOST", "127.0.0.1", "[::1]"}) {
      assertThatCode(() -> hosts.require(name)).as(name).doesNotThrowAnyException();
    }
    Refused refused =
        catchThrowableOfType(Refused.class, () -> hosts.require("rebound.example.org"));
    assertThat(refused.status()).isEqualTo(421);
    assertThatCode(() -> new Hosts(InetAddress.ofLiteral("0.0.0.0")).require("record.example.org"))
        .doesNotThrowAnyException();
  }

  private static Asked with(String authorization) {
    return new Asked("/api/campaigns", Map.of(), Map.of(), authorization, "");
  }
}
