package dev.gretchen.apps.feedchat.history;

import dev.gretchen.apps.feedchat.FeedPost;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Where the last posts of rooms are kept beside table `recent`. Adding is idempotent: a post that
/// is added again, after a takeover, changes nothing.
@FunctionalInterface
public interface History {

  /// Adds posts.
  ///
  /// @param byRoom in the order of their indexes
  /// @throws IOException if it cannot be reached, or refuses
  void add(Map<String, List<FeedPost>> byRoom) throws IOException;
}
