package dev.gretchen.apps.feedchat.push;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.engine.Followed;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The end of `feed` in memory: what clients are shown from, those who are up to date and those who
/// come back. Bounded by posts of a partition and by bytes of all; the oldest go first.
///
/// One thread appends; any thread joins, leaves and reads.
public final class FeedWindow {

  private final int postsMax;
  private final long bytesMax;
  private final Map<String, RoomLog> rooms = new ConcurrentHashMap<>();

  // confined to the thread that appends
  private final Map<Integer, Partition> partitions = new HashMap<>();

  private long bytes;

  private record Place(String room, long index, int weight) {}

  private static final class Partition {
    private final ArrayDeque<Place> posts = new ArrayDeque<>();
    private long bytes;
  }

  /// @param postsMax of each partition
  /// @param bytesMax of all partitions together, roughly
  public FeedWindow(int postsMax, long bytesMax) {
    if (postsMax < 1 || bytesMax < 1) {
      throw new IllegalArgumentException(
          "expected room for a post at least, found " + postsMax + " and " + bytesMax + " bytes");
    }
    this.postsMax = postsMax;
    this.bytesMax = bytesMax;
  }

  /// Takes what was read from `feed`.
  ///
  /// @return the rooms that it is for
  public Set<String> append(List<Followed<String, FeedPost>> read) {
    Set<String> changed = new LinkedHashSet<>();
    for (Followed<String, FeedPost> record : read) {
      HeldPost post = HeldPost.of(record.value(), record.bytes());
      rooms.compute(
          record.key(),
          (_, log) -> {
            RoomLog there = log == null ? new RoomLog() : log;
            there.append(post);
            return there;
          });
      changed.add(record.key());
      Partition partition = partitions.computeIfAbsent(record.partition(), _ -> new Partition());
      partition.posts.add(new Place(record.key(), post.index(), post.weightBytes()));
      partition.bytes += post.weightBytes();
      bytes += post.weightBytes();
      if (partition.posts.size() > postsMax) {
        evictFrom(partition);
      }
      while (bytes > bytesMax) {
        evictFrom(fullest());
      }
    }
    return changed;
  }

  private Partition fullest() {
    Partition fullest = partitions.values().iterator().next();
    for (Partition partition : partitions.values()) {
      if (partition.bytes > fullest.bytes) {
        fullest = partition;
      }
    }
    return fullest;
  }

  private void evictFrom(Partition partition) {
    Place oldest = partition.posts.remove();
    partition.bytes -= oldest.weight;
    bytes -= oldest.weight;
    rooms.computeIfPresent(
        oldest.room,
        (_, log) -> {
          log.evict(oldest.index);
          return log.isEmpty() && log.joined == 0 ? null : log;
        });
  }

  /// The log of a room, kept as long as somebody has joined.
  RoomLog join(String room) {
    return rooms.compute(
        room,
        (_, log) -> {
          RoomLog there = log == null ? new RoomLog() : log;
          there.joined++;
          return there;
        });
  }

  /// One who had joined has left.
  void leave(String room) {
    rooms.computeIfPresent(
        room,
        (_, log) -> {
          log.joined--;
          return log.isEmpty() && log.joined == 0 ? null : log;
        });
  }

  /// Rooms that are kept.
  int rooms() {
    return rooms.size();
  }
}
