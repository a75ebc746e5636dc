package dev.gretchen.apps.feedchat.push;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A room as one pusher has it: its log, who is shown it, and the frame that was made last.
/// Confined to the pusher's thread.
final class PushedRoom {

  final String name;
  final RoomLog log;
  private final List<Subscription> subscriptions = new ArrayList<>();

  /// Whether its owner is being asked.
  boolean asked;

  private @Nullable Rendered rendered;

  /// A frame with posts, for all who are at the same index.
  ///
  /// @param turn the pusher's turn that made it; in another one, somebody may be banned
  /// @param next the index behind its last post
  /// @param more whether posts were left for another frame
  record Rendered(long turn, long from, long next, boolean more, ByteBuffer frame) {}

  PushedRoom(String name, RoomLog log) {
    this.name = name;
    this.log = log;
  }

  /// Those who are shown it, in no order; not to be changed while they are gone through.
  List<Subscription> subscriptions() {
    return subscriptions;
  }

  void add(Subscription joined) {
    joined.place = subscriptions.size();
    subscriptions.add(joined);
  }

  /// The last one takes its place: all may leave at once, and each only costs a step.
  void remove(Subscription left) {
    Subscription last = subscriptions.removeLast();
    if (last != left) {
      subscriptions.set(left.place, last);
      last.place = left.place;
    }
  }

  /// The frame for whoever is at an index; null if there is nothing to show, or posts are missing,
  /// which the subscription then waits for.
  ///
  /// @param postsMax in one frame
  @Nullable Rendered frameFor(
      Subscription subscription, long turn, int postsMax, PostFrames frames) {
    Rendered last = rendered;
    if (last != null && last.turn == turn && last.from == subscription.next) {
      return last;
    }
    return switch (log.from(subscription.next, postsMax, PostFrames.postsBytesMax())) {
      case Slice.UpToDate() -> null;
      case Slice.Missing() -> {
        subscription.waits = true;
        yield null;
      }
      case Slice.Posts(List<HeldPost> posts, boolean more) -> {
        Rendered made =
            new Rendered(
                turn,
                subscription.next,
                subscription.next + posts.size(),
                more,
                frames.posts(name, posts));
        rendered = made;
        yield made;
      }
    };
  }
}
