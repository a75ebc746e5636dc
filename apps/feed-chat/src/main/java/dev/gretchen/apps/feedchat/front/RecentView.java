package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.apps.feedchat.Rules;
import dev.gretchen.apps.feedchat.history.RedisHistory;
import dev.gretchen.apps.feedchat.push.BanLookup;
import dev.gretchen.engine.TableValue;
import dev.gretchen.engine.View;
import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `GET /rooms/{room}/recent`: a room's last posts, from the table or from Redis.
final class RecentView implements View {

  private static final Duration SEEN_BOUND = Duration.ofSeconds(2);
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");

  private final RoomReader rooms;
  private final BanLookup bans;
  private final Optional<RedisHistory> redis;
  private final String worker;

  /// @param worker this one's name
  RecentView(RoomReader rooms, BanLookup bans, Optional<RedisHistory> redis, String worker) {
    this.rooms = rooms;
    this.bans = bans;
    this.redis = redis;
    this.worker = worker;
  }

  /// @param behindMillis null where nobody can say
  private record Source(String from, String worker, String role, @Nullable Long behindMillis) {}

  @Override
  public WebAnswer answer(WebRequest request) {
    String seen = request.parameter("seen").orElse("0");
    String from = request.parameter("from").orElse("table");
    String room;
    try {
      room = Rules.room(request.segment("room"));
    } catch (IllegalArgumentException bad) {
      return WebAnswer.text(400, String.valueOf(bad.getMessage()));
    }
    if (!INDEX.matcher(seen).matches()) {
      return WebAnswer.text(400, "expected seen=INDEX, found '" + seen + "'");
    }
    long atLeast = Long.parseLong(seen);
    return switch (from) {
      case "table" -> fromTable(room, atLeast);
      case "redis" ->
          redis.isPresent()
              ? fromRedis(room, atLeast, redis.get())
              : WebAnswer.text(404, "this worker has no Redis; start it with --redis");
      default -> WebAnswer.text(400, "expected from=table or from=redis, found '" + from + "'");
    };
  }

  private WebAnswer fromTable(String room, long atLeast) {
    return rooms
        .await(room, value -> RoomReader.posts(value).last() >= atLeast, SEEN_BOUND)
        .map(value -> shown(room, RoomReader.posts(value), source(value)))
        .orElseGet(() -> notNow(room, atLeast));
  }

  private static Source source(TableValue<Recent> value) {
    return new Source(
        "table",
        value.worker(),
        value.fromOwner() ? "owner" : "standby",
        value.behind().map(Duration::toMillis).orElse(null));
  }

  private WebAnswer fromRedis(String room, long atLeast, RedisHistory history) {
    try {
      Recent found = history.recent(room);
      return found.last() < atLeast
          ? notNow(room, atLeast)
          : shown(room, found, new Source("redis", worker, "redis", null));
    } catch (IOException away) {
      return WebAnswer.text(503, "Redis does not answer (" + away.getMessage() + "); ask the table")
          .with("Retry-After", "1");
    }
  }

  private static WebAnswer notNow(String room, long atLeast) {
    return WebAnswer.text(
            503, "nobody can tell now of room " + room + " up to index " + atLeast + "; ask again")
        .with("Retry-After", "1");
  }

  private WebAnswer shown(String room, Recent recent, Source source) {
    List<Object> posts = new ArrayList<>();
    for (FeedPost post : recent.posts()) {
      OptionalLong ban = bans.banOf(post.user());
      posts.add(ban.isEmpty() ? post : withheld(post, ban.getAsLong()));
    }
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("room", room);
    answer.put("last", recent.last());
    answer.put("posts", posts);
    answer.put("from", source.from);
    answer.put("worker", source.worker);
    answer.put("role", source.role);
    answer.put("behindMillis", source.behindMillis);
    return WebAnswer.json(200, answer).with("Cache-Control", "no-store");
  }

  private static Map<String, Object> withheld(FeedPost post, long ban) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("index", post.index());
    shown.put("id", post.id());
    shown.put("withheld", ban);
    return shown;
  }
}
