package dev.gretchen.apps.feedchat.push;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The last posts of one room that a worker has in memory, without a hole, and how far the room is
/// known to have come. Any thread; one of them appends and evicts.
final class RoomLog {

  private static final int CAPACITY_MIN = 4;

  private @Nullable HeldPost[] ring = new HeldPost[CAPACITY_MIN];
  private int head;
  private int size;

  /// The highest index that anybody has told of, posts that are not here included.
  private long last;

  private boolean known;

  /// Who has joined, by pushers. Guarded by the window.
  int joined;

  /// Takes the next post. One that is here already changes nothing. Where posts are missing before
  /// it, those that are here are forgotten: they would hide the hole.
  synchronized void append(HeldPost post) {
    if (size > 0 && post.index() <= at(size - 1).index()) {
      return;
    }
    if (size > 0 && post.index() > at(size - 1).index() + 1) {
      clear();
    }
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) % ring.length] = post;
    size++;
    learn(post.index());
  }

  /// Somebody who knows says how far the room has come.
  synchronized void learn(long index) {
    last = Math.max(last, index);
    known = true;
  }

  /// Forgets the oldest post, if it has that index.
  synchronized void evict(long index) {
    if (size > 0 && at(0).index() == index) {
      ring[head] = null;
      head = (head + 1) % ring.length;
      size--;
    }
  }

  private void clear() {
    ring = new HeldPost[CAPACITY_MIN];
    head = 0;
    size = 0;
  }

  private void grow() {
    @Nullable HeldPost[] larger = new HeldPost[ring.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = at(i);
    }
    ring = larger;
    head = 0;
  }

  private HeldPost at(int place) {
    HeldPost post = ring[(head + place) % ring.length];
    if (post == null) {
      throw new IllegalStateException("no post at place " + place + " of " + size);
    }
    return post;
  }

  synchronized boolean isEmpty() {
    return size == 0;
  }

  /// The index of the last post of the room, 0 before the first; empty if nobody has told.
  synchronized OptionalLong last() {
    return known ? OptionalLong.of(last) : OptionalLong.empty();
  }

  /// The index of the oldest post that is here; empty if none is.
  synchronized OptionalLong first() {
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(at(0).index());
  }

  /// What is here from an index on.
  ///
  /// @param postsMax how many at the most
  /// @param bytesMax of their JSON; one post is given whatever it weighs
  synchronized Slice from(long index, int postsMax, int bytesMax) {
    if (size == 0 || index > at(size - 1).index()) {
      return known && index > last ? new Slice.UpToDate() : new Slice.Missing();
    }
    long first = at(0).index();
    if (index < first) {
      return new Slice.Missing();
    }
    List<HeldPost> posts = new ArrayList<>();
    int bytes = 0;
    int place = (int) (index - first);
    while (place < size && posts.size() < postsMax) {
      HeldPost post = at(place);
      bytes += post.json().length + 1;
      if (!posts.isEmpty() && bytes > bytesMax) {
        break;
      }
      posts.add(post);
      place++;
    }
    return new Slice.Posts(posts, place < size);
  }
}
