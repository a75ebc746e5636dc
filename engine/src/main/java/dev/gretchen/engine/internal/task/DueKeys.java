package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StorePartition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The keys of a table partition that have a time in front, in its order: those of the store
/// together with those that wait for their commit, which the store does not know yet.
///
/// They are passed one by one, and never again: a key that is made later has a later time than all
/// that were found, because what was found had closed for everybody.
///
/// As [TablePartition].
final class DueKeys {

  private final byte[] prefix;
  private final StorePartition store;

  /// Of the overlay; those that the store has too do no harm.
  private final NavigableSet<ByteKey> noted = new TreeSet<>();

  private byte[] from;

  /// @param prefix what the keys have before their time, which is a number of eight bytes
  DueKeys(byte[] prefix, StorePartition store) {
    this.prefix = prefix;
    this.store = store;
    this.from = prefix;
  }

  /// A key waits for its commit; one that has no such time is passed over.
  void note(ByteKey key) {
    if (hasPrefix(key.bytes()) && Arrays.compareUnsigned(key.bytes(), from) >= 0) {
      noted.add(key);
    }
  }

  /// The time of a key; the end of time where it has none.
  long time(ByteKey key) {
    return hasPrefix(key.bytes()) ? time(key.bytes()) : Long.MAX_VALUE;
  }

  /// The earliest time that a key has; the end of time where there is none.
  long earliest() {
    List<ByteKey> first = find(Long.MAX_VALUE, 1);
    return first.isEmpty() ? Long.MAX_VALUE : time(first.getFirst());
  }

  /// The overlay has dropped keys, which the store holds.
  void forget(Predicate<ByteKey> dropped) {
    noted.removeIf(dropped);
  }

  /// The first keys, in order, whose time is not after a moment.
  ///
  /// @param limit how many at the most
  List<ByteKey> find(long last, int limit) {
    NavigableSet<ByteKey> found = new TreeSet<>();
    store
        .keys(from, key -> hasPrefix(key) && time(key) <= last, limit)
        .forEach(key -> found.add(new ByteKey(key)));
    int looked = 0;
    for (ByteKey key : noted) {
      if (looked++ == limit || time(key.bytes()) > last) {
        break;
      }
      found.add(key);
    }
    return found.stream().limit(limit).toList();
  }

  /// A key is done, and all before it.
  void pass(ByteKey key) {
    passed(key.bytes());
    noted.headSet(key, true).clear();
  }

  /// As [#pass], as a predecessor has left it.
  void passed(byte[] key) {
    from = Arrays.copyOf(key, key.length + 1);
  }

  private boolean hasPrefix(byte[] key) {
    return key.length >= prefix.length + Long.BYTES
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private long time(byte[] key) {
    return ByteBuffer.wrap(key).getLong(prefix.length);
  }
}
