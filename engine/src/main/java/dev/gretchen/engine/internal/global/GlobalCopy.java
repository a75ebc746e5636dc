package dev.gretchen.engine.internal.global;

import dev.gretchen.engine.internal.store.ByteKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The last value of each key of a topic, as bytes on the heap. One thread writes, any thread
/// reads.
public final class GlobalCopy {

  private final Map<ByteKey, byte[]> values = new ConcurrentHashMap<>();

  /// The value of a key; null if it has none.
  public byte @Nullable [] get(byte[] key) {
    return values.get(new ByteKey(key));
  }

  /// How many keys have a value.
  public int size() {
    return values.size();
  }

  /// Visits all keys and values, in no order, changes of the moment included or not.
  public void forEach(BiConsumer<byte[], byte[]> visitor) {
    values.forEach((key, value) -> visitor.accept(key.bytes(), value));
  }

  /// A record without a key says nothing about any.
  void apply(byte @Nullable [] key, byte @Nullable [] value) {
    if (key == null) {
      return;
    }
    if (value == null) {
      values.remove(new ByteKey(key));
    } else {
      values.put(new ByteKey(key), value);
    }
  }
}
