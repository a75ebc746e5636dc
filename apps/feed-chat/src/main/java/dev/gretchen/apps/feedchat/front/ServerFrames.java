package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.Rejection;
import dev.gretchen.apps.feedchat.Rules;
import dev.gretchen.engine.Appended;
import java.nio.ByteBuffer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a worker answers its clients, but for posts and rooms. Pure.
final class ServerFrames {

  /// What a client may send at once.
  static final int FRAME_BYTES_MAX = 8_192;

  static final int ROOMS_MAX = 50;

  private static final int ECHOED_MAX = 100;
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PROTOCOL = 1;

  private ServerFrames() {}

  /// @param worker its name and incarnation
  static ByteBuffer welcome(String user, boolean moderator, Served worker, FrontOptions options) {
    ObjectNode frame = of("welcome").put("protocol", PROTOCOL).put("user", user);
    frame.put("moderator", moderator);
    frame.put("worker", worker.name()).put("incarnation", worker.incarnation());
    frame
        .putObject("limits")
        .put("postsPerSecond", options.postsPerSecond())
        .put("postsAtOnce", options.postsAtOnce())
        .put("textMax", Rules.TEXT_MAX)
        .put("frameBytesMax", FRAME_BYTES_MAX)
        .put("roomsMax", ROOMS_MAX)
        .put("pingMillis", options.push().ping().toMillis());
    return bytes(frame);
  }

  /// The worker that serves.
  record Served(String name, String incarnation) {}

  /// What became of a post on its way into the log.
  static ByteBuffer post(String id, Appended outcome) {
    return switch (outcome) {
      case Appended.Acknowledged(int partition, long offset) ->
          bytes(of("posted").put("id", id).put("partition", partition).put("offset", offset));
      case Appended.Rejected _ -> refusedPost(id, "unavailable");
      case Appended.Indeterminate _ -> bytes(of("unknown").put("id", id));
    };
  }

  static ByteBuffer refusedPost(String id, String reason) {
    return bytes(of("refused").put("id", echoed(id)).put("reason", reason));
  }

  static ByteBuffer tooFast(String id, long retryAfterMillis) {
    return bytes(
        of("refused")
            .put("id", id)
            .put("reason", "too-fast")
            .put("retryAfterMillis", retryAfterMillis));
  }

  /// What became of a ban or an unban on its way into the log.
  ///
  /// @param done `banned` or `unbanned`
  static ByteBuffer ban(String done, String user, Appended outcome) {
    return switch (outcome) {
      case Appended.Acknowledged(int partition, long offset) ->
          bytes(of(done).put("user", user).put("partition", partition).put("offset", offset));
      case Appended.Rejected _ -> refusedBan(user, "unavailable");
      case Appended.Indeterminate _ -> bytes(of("unknown").put("user", user));
    };
  }

  static ByteBuffer refusedBan(String user, String reason) {
    return bytes(of("refused").put("user", echoed(user)).put("reason", reason));
  }

  static ByteBuffer refusedRoom(String room, String reason) {
    return bytes(of("refused").put("room", echoed(room)).put("reason", reason));
  }

  /// What a client sent comes back cut to more than any name may have: its answers wait here until
  /// it reads them.
  private static String echoed(String sent) {
    return sent.length() <= ECHOED_MAX ? sent : sent.substring(0, ECHOED_MAX);
  }

  static ByteBuffer rejected(Rejection rejection) {
    ObjectNode frame =
        of("rejected")
            .put("id", rejection.id())
            .put("room", rejection.room())
            .put("reason", rejection.reason().name());
    Long version = rejection.version();
    if (version != null) {
      frame.put("version", version.longValue());
    }
    return bytes(frame);
  }

  private static ObjectNode of(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static ByteBuffer bytes(ObjectNode frame) {
    return ByteBuffer.wrap(JSON.writeValueAsBytes(frame));
  }
}
