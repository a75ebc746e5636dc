package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.apps.feedchat.push.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFrameTest {

  @Test
  void readsWhatTheProtocolHas() {
    assertThat(ClientFrame.parse("{\"type\":\"hello\",\"user\":\"ann\"}"))
        .isEqualTo(new ClientFrame.Hello("ann", null));
    assertThat(ClientFrame.parse("{\"type\":\"hello\",\"user\":\"ann\",\"token\":\"t\",\"new\":1}"))
        .isEqualTo(new ClientFrame.Hello("ann", "t"));
    assertThat(ClientFrame.parse("{\"type\":\"join\",\"room\":\"lobby\"}"))
        .isEqualTo(new ClientFrame.Join("lobby", new Start.Last(0)));
    assertThat(ClientFrame.parse("{\"type\":\"join\",\"room\":\"lobby\",\"after\":0}"))
        .isEqualTo(new ClientFrame.Join("lobby", new Start.After(0)));
    assertThat(ClientFrame.parse("{\"type\":\"join\",\"room\":\"lobby\",\"last\":50}"))
        .isEqualTo(new ClientFrame.Join("lobby", new Start.Last(50)));
    assertThat(ClientFrame.parse("{\"type\":\"leave\",\"room\":\"lobby\"}"))
        .isEqualTo(new ClientFrame.Leave("lobby"));
    assertThat(
            ClientFrame.parse(
                "{\"type\":\"post\",\"id\":\"1\",\"room\":\"lobby\",\"text\":\"hi\"}"))
        .isEqualTo(new ClientFrame.Post("1", "lobby", "hi"));
    assertThat(ClientFrame.parse("{\"type\":\"ban\",\"user\":\"bob\"}"))
        .isEqualTo(new ClientFrame.Ban("bob", ""));
    assertThat(ClientFrame.parse("{\"type\":\"unban\",\"user\":\"bob\"}"))
        .isEqualTo(new ClientFrame.Unban("bob"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "null",
        "{\"type\":\"hello\"}",
        "{\"type\":\"hello\",\"user\":1}",
        "{\"type\":\"hello\",\"user\":\"ann\",\"token\":null}",
        "{\"type\":\"shout\",\"room\":\"lobby\"}",
        "{\"type\":\"join\",\"room\":\"lobby\",\"after\":-1}",
        "{\"type\":\"join\",\"room\":\"lobby\",\"after\":1.5}",
        "{\"type\":\"join\",\"room\":\"lobby\",\"after\":\"1\"}",
        "{\"type\":\"join\",\"room\":\"lobby\",\"after\":99999999999999999999}",
        "{\"type\":\"join\",\"room\":\"lobby\",\"last\":101}",
        "{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"hi\"}",
        "{\"type\":\"leave\",\"room\":\"lobby\"} and more"
      })
  void saysWhatIsMalformed(String text) {
    assertThat(ClientFrame.parse(text)).isInstanceOf(ClientFrame.Malformed.class);
  }
}
