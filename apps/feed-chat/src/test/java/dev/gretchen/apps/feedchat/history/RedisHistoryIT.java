package dev.gretchen.apps.feedchat.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Recent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The history over real sockets, to a server of the test's own that knows the commands it uses.
class RedisHistoryIT {

  static List<FeedPost> posts(long from, long to) {
    List<FeedPost> posts = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      posts.add(new FeedPost(index, "%016x".formatted(index), "ann", "töst " + index, index));
    }
    return posts;
  }

  private static RedisHistory history(String address) {
    return RedisHistory.of(address).orElseThrow();
  }

  @Test
  void keepsTheLastHundredInOrderHoweverOftenTheyAreAdded() throws Exception {
    try (SmallRedis redis = SmallRedis.start("")) {
      RedisHistory history = history("redis://127.0.0.1:" + redis.port());
      history.add(Map.of("lobby", posts(1, 60), "games", posts(1, 2)));
      history.add(Map.of("lobby", posts(50, 130)));

      assertThat(history.recent("lobby")).isEqualTo(new Recent(130, posts(31, 130)));
      assertThat(history.recent("games")).isEqualTo(new Recent(2, posts(1, 2)));
      assertThat(history.recent("nowhere")).isEqualTo(Recent.empty());
    }
  }

  @Test
  void showsNoHole() throws Exception {
    try (SmallRedis redis = SmallRedis.start("")) {
      RedisHistory history = history("redis://127.0.0.1:" + redis.port());
      history.add(Map.of("lobby", posts(1, 3)));
      history.add(Map.of("lobby", posts(7, 9)));

      assertThat(history.recent("lobby")).isEqualTo(new Recent(9, posts(7, 9)));
    }
  }

  @Test
  void comesBackAfterAServerThatWasAway() throws Exception {
    int port;
    RedisHistory history;
    try (SmallRedis redis = SmallRedis.start("")) {
      port = redis.port();
      history = history("redis://127.0.0.1:" + port);
      history.add(Map.of("lobby", posts(1, 3)));
    }
    assertThatThrownBy(() -> history.add(Map.of("lobby", posts(4, 4))))
        .isInstanceOf(IOException.class);
    try (SmallRedis _ = SmallRedis.start(port, "")) {
      history.add(Map.of("lobby", posts(4, 4)));
      assertThat(history.recent("lobby")).isEqualTo(new Recent(4, posts(4, 4)));
    }
  }

  @Test
  void saysThePasswordFirstAndIsRefusedWithoutIt() throws Exception {
    try (SmallRedis redis = SmallRedis.start("sesame+")) {
      history("redis://:sesame%2B@127.0.0.1:" + redis.port() + "/3")
          .add(Map.of("lobby", posts(1, 1)));

      assertThat(redis.commands()).startsWith("AUTH sesame+", "SELECT 3");
      assertThatThrownBy(
              () -> history("redis://127.0.0.1:" + redis.port()).add(Map.of("lobby", posts(1, 1))))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("NOAUTH");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://host", "redis:host", "redis://", "redis://host/x", "redis://:pass word@h"})
  void understandsAddressesOfRedisAloneAndRepeatsNoPassword(String address) {
    assertThatThrownBy(() -> RedisHistory.of(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--redis")
        .hasMessageNotContaining("pass word");
  }

  @Test
  void isNotThereWithoutAnAddress() {
    assertThat(RedisHistory.of("")).isEmpty();
  }
}
