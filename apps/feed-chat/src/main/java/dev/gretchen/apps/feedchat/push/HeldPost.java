package dev.gretchen.apps.feedchat.push;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import java.util.HexFormat;

/// A post as it waits in memory for those who are shown it.
///
/// @param id the event id
/// @param json as in `feed`, which is how it is pushed; not to be altered
record HeldPost(long index, long id, String user, byte[] json) {

  private static final Codec<FeedPost> JSON = Codecs.json(FeedPost.class);

  /// What one takes beside its JSON: objects, name, places in two queues.
  private static final int OVERHEAD_BYTES = 160;

  /// @param json the post as it stands in `feed`
  static HeldPost of(FeedPost post, byte[] json) {
    return new HeldPost(post.index(), HexFormat.fromHexDigitsToLong(post.id()), post.user(), json);
  }

  /// A post that was not read from `feed`.
  static HeldPost of(FeedPost post) {
    return of(post, JSON.encode(post));
  }

  int weightBytes() {
    return json.length + OVERHEAD_BYTES;
  }
}
