package dev.gretchen.apps.feedchat.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Followed;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedWindowTest {

  static Followed<String, FeedPost> record(int partition, String room, long index) {
    FeedPost post = new FeedPost(index, "%016x".formatted(index), "ann", "post " + index, 1);
    return new Followed<>(partition, index, room, post, Codecs.json(FeedPost.class).encode(post));
  }

  @Test
  void tellsWhichRoomsHaveChanged() {
    FeedWindow window = new FeedWindow(10, 1 << 20);

    assertThat(
            window.append(
                List.of(record(0, "lobby", 1), record(0, "games", 1), record(0, "lobby", 2))))
        .containsExactly("lobby", "games");
  }

  @Test
  void keepsTheLastPostsOfEachPartition() {
    FeedWindow window = new FeedWindow(3, 1 << 20);
    for (int index = 1; index <= 5; index++) {
      window.append(List.of(record(0, "lobby", index), record(1, "games", index)));
    }

    assertThat(window.join("lobby").first()).hasValue(3);
    assertThat(window.join("games").first()).hasValue(3);
  }

  @Test
  void keepsToItsBytesAndTakesThemFromTheFullest() {
    int each = HeldPost.of(record(0, "lobby", 1).value()).weightBytes();
    FeedWindow window = new FeedWindow(1_000, 10L * each);
    window.append(List.of(record(1, "games", 1)));
    for (int index = 1; index <= 30; index++) {
      window.append(List.of(record(0, "lobby", index)));
    }

    assertThat(window.join("games").first()).hasValue(1);
    assertThat(window.join("lobby").first().orElseThrow()).isBetween(20L, 26L);
    assertThat(window.join("lobby").last()).hasValue(30);
  }

  @Test
  void forgetsRoomsThatNobodyHasJoinedAndKeepsTheOthers() {
    FeedWindow window = new FeedWindow(2, 1 << 20);
    RoomLog joined = window.join("idle");
    window.append(List.of(record(0, "idle", 1), record(0, "gone", 1)));
    window.append(List.of(record(0, "lobby", 1), record(0, "lobby", 2)));

    assertThat(window.rooms()).isEqualTo(2);
    assertThat(joined.last()).as("how far it has come stays known").hasValue(1);

    window.leave("idle");
    assertThat(window.rooms()).isEqualTo(1);
  }
}
