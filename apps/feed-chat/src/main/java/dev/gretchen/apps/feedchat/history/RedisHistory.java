package dev.gretchen.apps.feedchat.history;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The last posts of each room as a sorted set of Redis: `feed-chat:recent:{room}`, the score is
/// the index, the member the post. Any thread.
public final class RedisHistory implements History {

  private static final Codec<FeedPost> JSON = Codecs.json(FeedPost.class);
  private static final Pattern DATABASE = Pattern.compile("/[0-9]{1,4}");
  private static final int PORT = 6379;

  private final RespClient writes;
  private final RespClient reads;

  private RedisHistory(String host, int port, List<List<byte[]>> greeting) {
    this.writes = new RespClient(host, port, greeting);
    this.reads = new RespClient(host, port, greeting);
  }

  /// One at an address; none for an empty string.
  ///
  /// @param address `redis://[user:password@]host[:port][/db]`
  /// @throws IllegalArgumentException if it is no such address; it does not repeat it, for the
  ///   password in it
  public static Optional<RedisHistory> of(String address) {
    if (address.isEmpty()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = new URI(address);
    } catch (URISyntaxException _) {
      throw unfit();
    }
    String host = uri.getHost();
    String path = uri.getPath() == null ? "" : uri.getPath();
    boolean isFit =
        "redis".equals(uri.getScheme())
            && host != null
            && (path.isEmpty() || path.equals("/") || DATABASE.matcher(path).matches());
    if (!isFit || host == null) {
      throw unfit();
    }
    return Optional.of(
        new RedisHistory(
            host,
            uri.getPort() < 0 ? PORT : uri.getPort(),
            greeting(uri.getRawUserInfo(), path.length() > 1 ? path.substring(1) : "")));
  }

  private static IllegalArgumentException unfit() {
    return new IllegalArgumentException(
        "--redis: expected redis://[user:password@]host[:port][/db]");
  }

  private static List<List<byte[]>> greeting(@Nullable String userInfo, String database) {
    List<List<byte[]>> greeting = new ArrayList<>();
    if (userInfo != null) {
      int colon = userInfo.indexOf(':');
      String user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
      String password = colon < 0 ? "" : decoded(userInfo.substring(colon + 1));
      greeting.add(
          user.isEmpty()
              ? RespClient.command("AUTH", password)
              : RespClient.command("AUTH", user, password));
    }
    if (!database.isEmpty()) {
      greeting.add(RespClient.command("SELECT", database));
    }
    return greeting;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public void add(Map<String, List<FeedPost>> byRoom) throws IOException {
    List<List<byte[]>> commands = new ArrayList<>();
    byRoom.forEach((room, posts) -> {
      List<byte[]> add = RespClient.command("ZADD", key(room));
      for (FeedPost post : posts) {
        add.add(Long.toString(post.index()).getBytes(StandardCharsets.US_ASCII));
        add.add(JSON.encode(post));
      }
      commands.add(add);
      commands.add(
          RespClient.command(
              "ZREMRANGEBYRANK", key(room), "0", Integer.toString(-Recent.KEPT - 1)));
    });
    writes.call(commands);
  }

  /// A room's last posts, as far as they are here without a hole.
  ///
  /// @throws IOException if Redis does not answer, or holds what is no post
  public Recent recent(String room) throws IOException {
    List<RespReply> replies =
        reads.call(
            List.of(
                RespClient.command(
                    "ZREVRANGE", key(room), "0", Integer.toString(Recent.KEPT - 1))));
    if (!(replies.getFirst() instanceof RespReply.Many(List<RespReply> members))) {
      throw new IOException("expected posts, found " + replies.getFirst());
    }
    List<FeedPost> newestFirst = new ArrayList<>();
    for (RespReply member : members) {
      FeedPost post = post(member);
      if (!newestFirst.isEmpty() && post.index() != newestFirst.getLast().index() - 1) {
        break;
      }
      newestFirst.add(post);
    }
    return newestFirst.isEmpty()
        ? Recent.empty()
        : new Recent(newestFirst.getFirst().index(), newestFirst.reversed());
  }

  private static FeedPost post(RespReply member) throws IOException {
    if (!(member instanceof RespReply.Bulk(byte[] json))) {
      throw new IOException("expected a post, found " + member);
    }
    try {
      return JSON.decode(json);
    } catch (RuntimeException unfit) {
      throw new IOException("expected a post, found something else: " + unfit.getMessage(), unfit);
    }
  }

  private static String key(String room) {
    return "feed-chat:recent:{" + room + "}";
  }
}
