package dev.gretchen.apps.feedchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.apps.feedchat.ChatEvent.Ban;
import dev.gretchen.apps.feedchat.ChatEvent.Post;
import dev.gretchen.apps.feedchat.ChatEvent.Unban;
import dev.gretchen.apps.feedchat.history.History;
import dev.gretchen.apps.feedchat.history.HistoryAgent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import dev.gretchen.testkit.AppTester;
import dev.gretchen.testkit.TestRecord;
import dev.gretchen.testkit.TestTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Agents and tables on the app tester.
class FeedChatTest {

  private static AppTester tester() {
    return AppTester.of(FeedChat.app());
  }

  private static Post post(String room, String text) {
    return new Post(room, text);
  }

  @Test
  void numbersThePostsOfEachRoom() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "ann", post("lobby", "one"));
      tester.pipe("chat-events", "bob", post("games", "other"));
      tester.pipe("chat-events", "bob", post("lobby", "two"));

      Map<String, List<FeedPost>> rooms =
          tester.<String, FeedPost>read("feed").stream()
              .collect(
                  Collectors.groupingBy(
                      TestRecord::key, Collectors.mapping(TestRecord::value, Collectors.toList())));
      assertThat(rooms.get("lobby")).extracting(FeedPost::index).containsExactly(1L, 2L);
      assertThat(rooms.get("games")).extracting(FeedPost::index).containsExactly(1L);
      TestTable<String, Recent> recent = tester.table("recent");
      assertThat(recent.get("lobby").orElseThrow().posts()).isEqualTo(rooms.get("lobby"));
    }
  }

  @Test
  void rejectsWhatABannedUserPostsAndNamesTheBan() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "ann", post("lobby", "before"));
      tester.pipe("chat-events", "ann", new Ban("mod", "spam"));
      tester.pipe("chat-events", "ann", post("lobby", "during"));
      tester.pipe("chat-events", "bob", post("lobby", "somebody else"));

      assertThat(feed(tester, "lobby"))
          .extracting(FeedPost::text)
          .containsExactlyInAnyOrder("before", "somebody else");
      List<TestRecord<String, Rejection>> rejected = tester.read("rejected");
      assertThat(rejected).hasSize(1);
      Rejection rejection = rejected.getFirst().value();
      assertThat(rejected.getFirst().key()).isEqualTo("ann");
      assertThat(rejection.reason()).isEqualTo(Rejection.Reason.banned);
      TestTable<String, BanInForce> banned = tester.table("banned");
      assertThat(rejection.version()).isEqualTo(banned.get("ann").orElseThrow().version());
      assertThat(rejection.offset()).isGreaterThan(banned.get("ann").orElseThrow().version());
    }
  }

  @Test
  void letsPostsInAgainAfterAnUnbanEvenIfTheTableWasLostInBetween() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "ann", new Ban("mod", ""));
      tester.pipe("chat-events", "ann", new Unban("mod"));
      tester.wipeAndRecover();
      tester.pipe("chat-events", "ann", post("lobby", "back"));
      tester.pipe("chat-events", "bob", new Unban("mod"));
      tester.pipe("chat-events", "bob", post("lobby", "never banned"));

      assertThat(feed(tester, "lobby")).hasSize(2);
      assertThat(tester.read("rejected")).isEmpty();
      TestTable<String, BanInForce> banned = tester.table("banned");
      assertThat(banned.get("ann")).isEmpty();
    }
  }

  @Test
  void remembersABanThroughCrashesAndLostDisks() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "ann", new Ban("mod", "spam"));
      tester.read("bans");
      tester.wipeAndRecover();
      tester.pipe("chat-events", "ann", post("lobby", "let me in"));
      tester.crashAndRecover();
      tester.pipe("chat-events", "ann", post("lobby", "and now"));

      assertThat(feed(tester, "lobby")).isEmpty();
      assertThat(tester.read("rejected")).hasSize(2);
    }
  }

  @Test
  void publishesBansAndTheirEnd() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "ann", new Ban("mod", "spam"));
      List<TestRecord<String, BanInForce>> first = List.copyOf(tester.read("bans"));
      tester.pipe("chat-events", "ann", new Unban("mod"));
      List<TestRecord<String, BanInForce>> second = tester.read("bans");

      assertThat(first).hasSize(1);
      assertThat(first.getFirst().value().reason()).isEqualTo("spam");
      assertThat(second).hasSize(1);
      assertThat(second.getFirst().isTombstone()).isTrue();
    }
  }

  @Test
  void takesAnIdOnceAmongTheLastSixteenOfAUser() {
    try (AppTester tester = tester()) {
      again(tester, "ann", post("lobby", "once"), 7);
      again(tester, "ann", post("lobby", "once"), 7);
      again(tester, "bob", post("lobby", "of somebody else"), 7);
      for (int i = 0; i < PostedIds.KEPT; i++) {
        again(tester, "ann", post("lobby", "other " + i), 100 + i);
      }
      again(tester, "ann", post("lobby", "long ago"), 7);

      assertThat(tester.<String, Rejection>read("rejected"))
          .singleElement()
          .satisfies(record -> {
            assertThat(record.value().reason()).isEqualTo(Rejection.Reason.repeated);
            assertThat(record.value().version()).isNull();
          });
      assertThat(feed(tester, "lobby")).hasSize(PostedIds.KEPT + 3);
    }
  }

  @Test
  void numbersWithoutHoleOrRepetitionThroughCrashes() {
    try (AppTester tester = tester()) {
      for (int i = 0; i < 30; i++) {
        tester.pipe("chat-events", "user" + i % 7, post("lobby", "post " + i));
        tester.advance(Duration.ofMillis(i % 5 * 7L));
        switch (i % 4) {
          case 0 -> tester.crashAndRecover();
          case 1 -> tester.wipeAndRecover();
          case 2 -> tester.restart();
          default -> {
            // undisturbed
          }
        }
      }
      assertThat(feed(tester, "lobby"))
          .extracting(FeedPost::index)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
    }
  }

  @Test
  void keepsTheLastHundredOfARoom() {
    try (AppTester tester = tester()) {
      for (int i = 0; i < 130; i++) {
        tester.pipe("chat-events", "ann", post("lobby", "post " + i));
      }
      TestTable<String, Recent> table = tester.table("recent");
      Recent recent = table.get("lobby").orElseThrow();

      assertThat(recent.last()).isEqualTo(130);
      assertThat(recent.first()).isEqualTo(31);
      assertThat(recent.posts()).isEqualTo(feed(tester, "lobby").subList(30, 130));
    }
  }

  @Test
  void buriesThePostOfAUserThatNobodyCanBe() {
    try (AppTester tester = tester()) {
      tester.pipe("chat-events", "not a user", post("lobby", "hi"));
      tester.pipe("chat-events", null, post("lobby", "hi"));
      tester.pipe("chat-events", "ann", null);

      assertThat(tester.deadLetters()).hasSize(3);
      assertThat(feed(tester, "lobby")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"post\",\"room\":\"Not A Room\",\"text\":\"hi\"}",
        "{\"type\":\"post\",\"room\":\"lobby\",\"text\":\" \"}",
        "{\"type\":\"post\",\"room\":\"lobby\"}",
        "{\"type\":\"post\",\"room\":\"lobby\",\"text\":null}",
        "{\"type\":\"shout\",\"room\":\"lobby\",\"text\":\"hi\"}",
        "{\"room\":\"lobby\",\"text\":\"hi\"}",
        "{\"type\":\"ban\",\"by\":\"mod\"}",
        "{\"type\":\"unban\"}",
        "gretchen-end-of-load",
        ""
      })
  void readsNoEventThatBreaksARule(String value) {
    assertThatThrownBy(
            () -> Codecs.json(ChatEvent.class).decode(value.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void readsAndWritesEventsAsTheContractHasThem() {
    Codec<ChatEvent> codec = Codecs.json(ChatEvent.class);
    Map<String, ChatEvent> forms =
        Map.of(
            "{\"type\":\"post\",\"room\":\"lobby\",\"text\":\"hi\"}", post("lobby", "hi"),
            "{\"type\":\"ban\",\"by\":\"mod\",\"reason\":\"spam\"}", new Ban("mod", "spam"),
            "{\"type\":\"unban\",\"by\":\"mod\"}", new Unban("mod"));
    forms.forEach((json, event) -> {
      assertThat(new String(codec.encode(event), StandardCharsets.UTF_8)).isEqualTo(json);
      assertThat(codec.decode(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(event);
    });
    assertThat(
            codec.decode(
                "{\"text\":\"hi\",\"new\":1,\"room\":\"lobby\",\"type\":\"post\"}"
                    .getBytes(StandardCharsets.UTF_8)))
        .as("in any order, with fields that it does not know")
        .isEqualTo(post("lobby", "hi"));
  }

  @Test
  void leavesOutTheVersionWhereNoBanIsTheReason() {
    Rejection repeated =
        new Rejection("00f3c1d2a4b59687", "lobby", Rejection.Reason.repeated, null, 3, 61);

    assertThat(new String(Codecs.json(Rejection.class).encode(repeated), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"00f3c1d2a4b59687\",\"room\":\"lobby\",\"reason\":\"repeated\",\"partition\":3,\"offset\":61}");
  }

  @Test
  void fillsAHistoryThatComesBack() {
    Map<String, List<FeedPost>> kept = new LinkedHashMap<>();
    int[] failures = {3};
    try (AppTester tester =
        AppTester.of(
            withHistory(byRoom -> {
              if (failures[0]-- > 0) {
                throw new IOException("not there");
              }
              byRoom.forEach((room, posts) ->
                  kept.computeIfAbsent(room, _ -> new ArrayList<>()).addAll(posts));
            }))) {
      List<FeedPost> expected = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        FeedPost post = new FeedPost(i, "000000000000000" + i, "ann", "post " + i, 1);
        expected.add(post);
        tester.pipe("feed", "lobby", post);
      }
      tester.read("feed");

      assertThat(kept).containsOnlyKeys("lobby");
      assertThat(kept.get("lobby")).isEqualTo(expected);
      assertThat(failures[0]).isNegative();
    }
  }

  private static void again(AppTester tester, String user, ChatEvent event, long id) {
    tester.pipe("chat-events", user, event, tester.now(), id);
  }

  private static App withHistory(History history) {
    App app = App.named("history-alone");
    HistoryAgent.declare(
        app, app.topic("feed", Codecs.utf8(), Codecs.json(FeedPost.class)), history);
    return app;
  }

  private static List<FeedPost> feed(AppTester tester, String room) {
    return tester.<String, FeedPost>read("feed").stream()
        .filter(record -> record.key().equals(room))
        .map(TestRecord::value)
        .toList();
  }
}
