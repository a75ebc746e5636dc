package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.ChatValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which post has which place in which room, by the log that numbers them. Memory is 24 bytes for
/// each post.
public final class RoomIndex {

  private final KeyIndex rooms = new KeyIndex();
  private final List<Longs> ids = new ArrayList<>();
  private final List<Longs> offsets = new ArrayList<>();
  private final List<Longs> seen = new ArrayList<>();
  private final List<Integer> partitions = new ArrayList<>();
  private final Longs lasts = new Longs(0);
  private final Longs ends = new Longs(0);

  private RoomIndex() {}

  /// Reads a log of numbered posts. Where two posts claim a place, the first has it: that they do
  /// is for another check to tell.
  public static RoomIndex of(PartitionedLog numbered) {
    RoomIndex index = new RoomIndex();
    for (int p = 0; p < numbered.partitions(); p++) {
      for (Iterator<LogRecord> records = numbered.records(p); records.hasNext(); ) {
        index.add(records.next());
      }
    }
    return index;
  }

  private void add(LogRecord record) {
    ChatValue.Numbered post = ChatValue.numbered(record.value());
    byte[] key = record.key();
    ends.set(record.partition(), record.offset() + 1);
    if (post == null || key == null || post.index() < 1 || post.index() > Integer.MAX_VALUE) {
      return;
    }
    int room = rooms.add(key, 0);
    if (room == ids.size()) {
      ids.add(new Longs(0));
      offsets.add(new Longs(-1));
      seen.add(new Longs(0));
      partitions.add(record.partition());
    }
    int place = (int) post.index();
    if (offsets.get(room).get(place) < 0) {
      ids.get(room).set(place, post.id());
      offsets.get(room).set(place, record.offset());
      seen.get(room).set(place, record.observedAt());
    }
    lasts.set(room, Math.max(lasts.get(room), post.index()));
  }

  /// A room's number, -1 where nobody has posted there.
  public int room(String name) {
    return rooms.find(name.getBytes(StandardCharsets.UTF_8), 0);
  }

  /// The last index of a room, 0 where nobody has posted there.
  public long last(int room) {
    return room < 0 ? 0 : lasts.get(room);
  }

  /// The id of the post at a place, null where there is none.
  public @Nullable Long id(int room, long index) {
    return has(room, index) ? ids.get(room).get((int) index) : null;
  }

  /// Where the post at a place lies, null where there is none.
  public @Nullable String where(int room, long index) {
    return has(room, index)
        ? partitions.get(room) + "@" + offsets.get(room).get((int) index)
        : null;
  }

  /// When the post at a place was seen in the log, epoch milliseconds; 0 where there is none.
  public long seenAt(int room, long index) {
    return has(room, index) ? seen.get(room).get((int) index) : 0;
  }

  /// How many offsets of its partition lie behind the post at a place, 0 where there is none.
  public long behind(int room, long index) {
    return has(room, index)
        ? ends.get(partitions.get(room)) - offsets.get(room).get((int) index)
        : 0;
  }

  private boolean has(int room, long index) {
    return room >= 0
        && index > 0
        && index <= lasts.get(room)
        && offsets.get(room).get((int) index) >= 0;
  }
}
