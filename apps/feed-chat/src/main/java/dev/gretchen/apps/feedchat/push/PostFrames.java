package dev.gretchen.apps.feedchat.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/// Writes the frames that show posts. Posts are copied as they stand in `feed`: whoever reads the
/// topic and whoever is pushed it see the same bytes.
final class PostFrames {

  /// A frame is no longer, unless one post is.
  static final int BYTES_MAX = 64 << 10;

  private static final byte[] END = bytes("]}");
  private static final int HEAD_BYTES_MAX = 128;
  private static final int POSTS_BYTES_MAX = BYTES_MAX - HEAD_BYTES_MAX;

  private final BanLookup bans;

  PostFrames(BanLookup bans) {
    this.bans = bans;
  }

  /// What may stand in one frame.
  static int postsBytesMax() {
    return POSTS_BYTES_MAX;
  }

  /// Posts of a room, those of banned users withheld.
  ///
  /// @param room a valid name, which needs no escaping
  ByteBuffer posts(String room, List<HeldPost> posts) {
    byte[] head = bytes("{\"type\":\"posts\",\"room\":\"" + room + "\",\"posts\":[");
    byte[][] shown = new byte[posts.size()][];
    int length = head.length + END.length + Math.max(0, posts.size() - 1);
    for (int i = 0; i < shown.length; i++) {
      shown[i] = shown(posts.get(i));
      length += shown[i].length;
    }
    ByteBuffer frame = ByteBuffer.allocate(length).put(head);
    for (int i = 0; i < shown.length; i++) {
      if (i > 0) {
        frame.put((byte) ',');
      }
      frame.put(shown[i]);
    }
    return frame.put(END).flip();
  }

  private byte[] shown(HeldPost post) {
    OptionalLong ban = bans.banOf(post.user());
    return ban.isEmpty()
        ? post.json()
        : bytes(
            "{\"index\":"
                + post.index()
                + ",\"id\":\""
                + HexFormat.of().toHexDigits(post.id())
                + "\",\"withheld\":"
                + ban.getAsLong()
                + "}");
  }

  static ByteBuffer joined(String room, long from) {
    return frame("{\"type\":\"joined\",\"room\":\"" + room + "\",\"from\":" + from + "}");
  }

  static ByteBuffer left(String room) {
    return frame("{\"type\":\"left\",\"room\":\"" + room + "\"}");
  }

  static ByteBuffer skipped(String room, long from, long to) {
    return frame(
        "{\"type\":\"skipped\",\"room\":\"" + room + "\",\"from\":" + from + ",\"to\":" + to + "}");
  }

  static ByteBuffer refused(String room, String reason) {
    return frame("{\"type\":\"refused\",\"room\":\"" + room + "\",\"reason\":\"" + reason + "\"}");
  }

  private static ByteBuffer frame(String json) {
    return ByteBuffer.wrap(bytes(json));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
