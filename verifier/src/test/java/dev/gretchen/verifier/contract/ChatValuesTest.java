package dev.gretchen.verifier.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The words of the contract between a chat and its judge.
class ChatValuesTest {

  private static final byte[] ANN = "ann".getBytes(UTF_8);

  @Test
  void readsWhatTheContractShows() {
    assertThat(event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"hi\"}"))
        .isEqualTo(new ChatEvent.Post("ann", "lobby", "hi"));
    assertThat(event("{\"type\":\"ban\",\"by\":\"mod\",\"reason\":\"spam\"}"))
        .isEqualTo(new ChatEvent.Ban("ann", "mod", "spam"));
    assertThat(event("{\"type\":\"unban\",\"by\":\"mod\",\"more\":1}"))
        .isEqualTo(new ChatEvent.Unban("ann", "mod"));
    assertThat(
            ChatValue.numbered(
                bytes(
                    "{\"index\":17,\"id\":\"00f3c1d2a4b59687\",\"user\":\"ann\",\"text\":\"hi\",\"at\":5}")))
        .isEqualTo(new ChatValue.Numbered(17, Hex16.parse("00f3c1d2a4b59687"), "ann", "hi", 5));
    assertThat(
            ChatValue.rejected(
                bytes(
                    "{\"id\":\"00f3c1d2a4b59687\",\"room\":\"lobby\",\"reason\":\"repeated\",\"partition\":3,\"offset\":61}")))
        .isEqualTo(
            new ChatValue.Rejected(
                Hex16.parse("00f3c1d2a4b59687"), "lobby", ChatValue.REPEATED, -1, 3, 61));
  }

  @Test
  void whatBreaksARuleIsNoEvent() {
    assertThat(event("{\"type\":\"post\",\"room\":\"No Room\",\"text\":\"hi\"}")).isNull();
    assertThat(event("{\"type\":\"post\",\"room\":\"-lobby\",\"text\":\"hi\"}")).isNull();
    assertThat(event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\" \\t \"}")).isNull();
    assertThat(event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"a\\u0000b\"}")).isNull();
    assertThat(event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"\\ud800\"}")).isNull();
    assertThat(
            event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"" + "x".repeat(1_001) + "\"}"))
        .isNull();
    assertThat(event("{\"type\":\"shout\"}")).isNull();
    assertThat(event("{\"type\":\"post\"")).isNull();
    assertThat(ChatEvent.decode("-ann".getBytes(UTF_8), bytes("{\"type\":\"unban\",\"by\":\"m\"}")))
        .isNull();
    assertThat(ChatEvent.decode(null, bytes("{\"type\":\"unban\",\"by\":\"m\"}"))).isNull();
    assertThat(ChatEvent.decode(ANN, null)).isNull();
  }

  @Test
  void whatJustKeepsTheRulesIsOne() {
    assertThat(
            event("{\"type\":\"post\",\"room\":\"" + "a".repeat(64) + "\",\"text\":\"\\n.\\t\"}"))
        .isNotNull();
    assertThat(event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"\\ud83d\\ude00\"}"))
        .isNotNull();
    assertThat(
            event("{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"" + "x".repeat(1_000) + "\"}"))
        .isNotNull();
    assertThat(event("{\"type\":\"ban\",\"by\":\"mod\",\"reason\":\"\"}")).isNotNull();
  }

  @Test
  void readsBackWhatItWrites() {
    ChatValue.Numbered post = new ChatValue.Numbered(1, 2, "ann", "“hi” & <b>", 3);
    assertThat(ChatValue.numbered(post.encode())).isEqualTo(post);
    ChatValue.Rejected rejected = new ChatValue.Rejected(4, "lobby", ChatValue.BANNED, 5, 6, 7);
    assertThat(ChatValue.rejected(rejected.encode())).isEqualTo(rejected);
    ChatValue.Banned banned = new ChatValue.Banned(8, "mod", "spam", 9);
    assertThat(ChatValue.banned(banned.encode())).isEqualTo(banned);
    ChatValue.Posted posted = new ChatValue.Posted(List.of(-1L, 0L, 1L));
    assertThat(ChatValue.posted(posted.encode())).isEqualTo(posted);
    ChatValue.Recent recent = new ChatValue.Recent(1, List.of(post));
    assertThat(ChatValue.recent(recent.encode())).isEqualTo(recent);
    ChatEvent.Post said = new ChatEvent.Post("ann", "lobby", "\n“hi”");
    assertThat(ChatEvent.decode(ANN, said.value())).isEqualTo(said);
  }

  @Test
  void readsTheFramesOfAWorker() {
    assertThat(
            ChatFrame.decode(
                "{\"type\":\"welcome\",\"protocol\":1,\"user\":\"ann\",\"worker\":\"w1\",\"incarnation\":\"5f0c\"}"))
        .isEqualTo(new ChatFrame.Welcome("w1", "5f0c"));
    assertThat(
            ChatFrame.decode(
                "{\"type\":\"posts\",\"room\":\"lobby\",\"posts\":[{\"index\":17,\"id\":\"00f3c1d2a4b59687\",\"user\":\"ann\",\"text\":\"hi\",\"at\":1},{\"index\":18,\"id\":\"00f3c1d2a4b59688\",\"withheld\":57}]}"))
        .isEqualTo(
            new ChatFrame.Posts(
                "lobby",
                List.of(
                    new ChatFrame.Shown(17, Hex16.parse("00f3c1d2a4b59687"), -1),
                    new ChatFrame.Shown(18, Hex16.parse("00f3c1d2a4b59688"), 57))));
    assertThat(ChatFrame.decode("{\"type\":\"skipped\",\"room\":\"lobby\",\"from\":1,\"to\":4}"))
        .isEqualTo(new ChatFrame.Skipped("lobby", 1, 4));
    assertThat(
            ChatFrame.decode(
                "{\"type\":\"refused\",\"id\":\"00f3c1d2a4b59687\",\"reason\":\"too-fast\",\"retryAfterMillis\":180}"))
        .isEqualTo(new ChatFrame.Refused(Hex16.parse("00f3c1d2a4b59687"), "too-fast"));
    assertThat(
            ChatFrame.decode(
                "{\"type\":\"refused\",\"user\":\"bob\",\"reason\":\"not-a-moderator\"}"))
        .isEqualTo(new ChatFrame.Denied("bob", "not-a-moderator"));
    assertThat(ChatFrame.decode("{\"type\":\"unknown\",\"user\":\"bob\"}"))
        .isEqualTo(new ChatFrame.Other("unknown"));
    assertThat(ChatFrame.decode("{\"type\":\"something-new\"}"))
        .isEqualTo(new ChatFrame.Other("something-new"));
    assertThat(ChatFrame.decode("hello")).isNull();
    assertThat(ChatFrame.decode("{\"type\":\"posted\",\"id\":\"17\"}")).isNull();
  }

  private static @Nullable ChatEvent event(String json) {
    return ChatEvent.decode(ANN, bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }
}
