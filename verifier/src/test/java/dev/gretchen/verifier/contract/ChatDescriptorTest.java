package dev.gretchen.verifier.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChatDescriptorTest {

  private static final Path CHAT = Path.of("src/test/resources/feed-chat.yaml");

  @Test
  void readsTheStreamsTablesAndPromisesOfAChat() {
    AppDescriptor app = AppDescriptor.read(CHAT);

    assertThat(app.offer().load()).isEqualTo(LoadKind.CHAT);
    assertThat(app.outside().chat())
        .isEqualTo(new AppDescriptor.Chat(12, true, Duration.ofSeconds(2), 10_000));
    assertThat(app.streams())
        .extracting(AppDescriptor.Stream::kind)
        .containsExactly(
            StreamKind.ADMITTED, StreamKind.REJECTED, StreamKind.BANS, StreamKind.NUMBERED);
    assertThat(app.stream(StreamKind.NUMBERED).source()).isEqualTo("admitted");
    assertThat(app.tables())
        .extracting(AppDescriptor.Table::kind)
        .containsExactly(TableKind.BANS, TableKind.POSTED, TableKind.RECENT);
    assertThat(app.sources()).containsExactly("chat-events", "admitted");
  }

  @Test
  void tellsWhatAChatLacks() throws Exception {
    mistake("load: chat", "load: words", "load: expected chat, and dead-letters and chat");
    mistake("dead-letters: feed-chat-dead-letters", "", "dead-letters and chat");
    mistake("withhold: push", "withhold: sometimes", "chat.withhold: expected push or never");
    mistake("clients: 12", "clients: 0", "chat.clients: expected a number above zero");
    mistake(
        "  - {topic: bans, kind: bans, source: chat-events}\n",
        "",
        "streams: expected one stream of kind bans");
    mistake(
        "kind: numbered, source: admitted",
        "kind: numbered, source: chat-events",
        "streams.source: expected admitted for numbered");
  }

  private static void mistake(String right, String wrong, String told) throws IOException {
    String yaml = Files.readString(CHAT);
    assertThat(yaml).contains(right);
    assertThatThrownBy(() -> AppDescriptor.parse("feed-chat.yaml", yaml.replace(right, wrong)))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining(told);
  }
}
