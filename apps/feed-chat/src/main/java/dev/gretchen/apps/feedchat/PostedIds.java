package dev.gretchen.apps.feedchat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/// The ids of a user's last admitted posts, oldest first: the values of table `posted`. By them a
/// client may send a post again when it does not know what became of it.
public record PostedIds(@JsonProperty(value = "ids", required = true) List<String> ids) {

  /// A client has no more posts whose fate it does not know than it keeps in this order.
  public static final int KEPT = 16;

  private static final PostedIds NONE = new PostedIds(List.of());

  public PostedIds {
    ids = List.copyOf(ids);
  }

  /// Of a user who never posted.
  public static PostedIds none() {
    return NONE;
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  PostedIds plus(String id) {
    List<String> more =
        new ArrayList<>(ids.subList(Math.max(0, ids.size() - KEPT + 1), ids.size()));
    more.add(id);
    return new PostedIds(more);
  }
}
