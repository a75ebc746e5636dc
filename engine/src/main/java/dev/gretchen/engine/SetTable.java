package dev.gretchen.engine;

import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.Cell;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.EventTable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// A table with a set of elements per key, each kept by itself: to add one to a set of a million
/// costs what it costs to put one key, on disk and in the changelog.
///
/// Everything else as in [Table]. Elements are the same if their codec writes the same bytes.
///
/// @param <K> type of the key
/// @param <E> type of the elements
public final class SetTable<K, E> implements DeclaredTable<SetTable.Member<K, E>, Boolean> {

  private static final Codec<Boolean> PRESENT = new Present();

  private final String name;
  private final String label;
  private final Codec<K> keys;
  private final Codec<E> elements;

  /// An element of a key's set.
  public record Member<K, E>(K key, E element) {}

  SetTable(String name, Codec<K> keys, Codec<E> elements) {
    this.name = name;
    this.label = "table " + name;
    this.keys = keys;
    this.elements = elements;
  }

  @Override
  public String name() {
    return name;
  }

  /// The codec of its members: the length of the key in 4 bytes, the key, the element. So those of
  /// a key stand together.
  @Override
  public Codec<Member<K, E>> keys() {
    return new Members<>(keys, elements);
  }

  /// The codec of what is kept for a member: that it is there.
  @Override
  public Codec<Boolean> values() {
    return PRESENT;
  }

  /// Adds an element to a key's set.
  ///
  /// @return whether it was not there before
  public boolean add(K key, E element) {
    return set(key, element, true);
  }

  /// Removes an element from a key's set.
  ///
  /// @return whether it was there
  public boolean remove(K key, E element) {
    return set(key, element, false);
  }

  /// Whether an element is in a key's set.
  public boolean contains(K key, E element) {
    EventTable partition = CurrentEvent.required(label).table(name);
    return partition.read(cell(partition, key, element), PRESENT) != null;
  }

  /// The elements of a key's set, in the order of their bytes.
  ///
  /// @param limit how many at the most, 1 to [Table#SCAN_MAX]
  public List<E> elements(K key, int limit) {
    Table.requireLimit(name, limit);
    CurrentEvent event = CurrentEvent.required(label);
    EventTable partition = event.table(name);
    byte[] own = own(event, partition, key);
    return partition.scan(KeyRange.prefixed(prefix(own)), limit, PRESENT, _ -> true).stream()
        .map(found -> elements.decode(elementOf(StoreKeys.untagged(found.key()), own.length)))
        .toList();
  }

  /// Whether a key's set has no element.
  public boolean isEmpty(K key) {
    return elements(key, 1).isEmpty();
  }

  private boolean set(K key, E element, boolean present) {
    EventTable partition = CurrentEvent.required(label).table(name);
    Cell cell = cell(partition, key, element);
    boolean was = partition.read(cell, PRESENT) != null;
    if (was != present) {
      partition.write(cell, present ? Boolean.TRUE : null, PRESENT);
    }
    return was != present;
  }

  private Cell cell(EventTable partition, K key, E element) {
    byte[] own = own(CurrentEvent.required(label), partition, key);
    return partition.at(joined(own, elements.encode(element)));
  }

  private byte[] own(CurrentEvent event, EventTable partition, K key) {
    byte[] encoded = event.encoded(key, keys);
    partition.requireOwn(encoded);
    return encoded;
  }

  private static byte[] prefix(byte[] key) {
    return joined(key, new byte[0]);
  }

  private static byte[] joined(byte[] key, byte[] element) {
    return ByteBuffer.allocate(Integer.BYTES + key.length + element.length)
        .putInt(key.length)
        .put(key)
        .put(element)
        .array();
  }

  private static byte[] elementOf(byte[] member, int keyLength) {
    return Arrays.copyOfRange(member, Integer.BYTES + keyLength, member.length);
  }

  @Override
  public String toString() {
    return "set table " + name;
  }

  private record Members<K, E>(Codec<K> keys, Codec<E> elements) implements Codec<Member<K, E>> {

    @Override
    public byte[] encode(Member<K, E> member) {
      return joined(keys.encode(member.key()), elements.encode(member.element()));
    }

    @Override
    public Member<K, E> decode(byte[] bytes) {
      int length = ByteBuffer.wrap(bytes).getInt();
      return new Member<>(
          keys.decode(Arrays.copyOfRange(bytes, Integer.BYTES, Integer.BYTES + length)),
          elements.decode(elementOf(bytes, length)));
    }
  }

  /// A tombstone says that a member is not there; so there is one thing to write.
  private record Present() implements Codec<Boolean> {

    @Override
    public byte[] encode(Boolean value) {
      return new byte[] {1};
    }

    @Override
    public Boolean decode(byte[] bytes) {
      return Boolean.TRUE;
    }
  }
}
