package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/// A room's last posts, oldest first, and with them where its numbering stands: the values of table
/// `recent`. One value, so an index and the post that has it are committed together.
///
/// @param last the index of the last post, 0 before the first
public record Recent(
    @JsonProperty(value = "last", required = true) long last,
    @JsonProperty(value = "posts", required = true) List<FeedPost> posts) {

  public static final int KEPT = 100;

  private static final Recent EMPTY = new Recent(0, List.of());

  public Recent {
    posts = List.copyOf(posts);
    long expected = last - posts.size() + 1;
    for (FeedPost post : posts) {
      if (post.index() != expected++) {
        throw new IllegalArgumentException(
            "expected posts up to " + last + " without a hole, found " + post.index());
      }
    }
  }

  /// Of a room without posts.
  public static Recent empty() {
    return EMPTY;
  }

  /// The index of the oldest post that is kept; one beyond the last where none is.
  public long first() {
    return last - posts.size() + 1;
  }

  /// With the next post of the room.
  Recent plus(FeedPost next) {
    List<FeedPost> more =
        new ArrayList<>(posts.subList(Math.max(0, posts.size() - KEPT + 1), posts.size()));
    more.add(next);
    return new Recent(next.index(), more);
  }
}
