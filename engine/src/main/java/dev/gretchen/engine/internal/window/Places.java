package dev.gretchen.engine.internal.window;

import dev.gretchen.engine.Codec;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Where a key's sessions stand in their table, rising. Immutable.
public final class Places {

  public static final Places NONE = new Places(new long[0]);

  /// Eight bytes each.
  public static final Codec<Places> CODEC =
      new Codec<>() {
        @Override
        public byte[] encode(Places places) {
          ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * places.rising.length);
          bytes.asLongBuffer().put(places.rising);
          return bytes.array();
        }

        @Override
        public Places decode(byte[] bytes) {
          long[] rising = new long[bytes.length / Long.BYTES];
          ByteBuffer.wrap(bytes).asLongBuffer().get(rising);
          return new Places(rising);
        }
      };

  private final long[] rising;

  private Places(long[] rising) {
    this.rising = rising;
  }

  public int size() {
    return rising.length;
  }

  public long get(int index) {
    return rising[index];
  }

  public boolean isEmpty() {
    return rising.length == 0;
  }

  /// The same with one more, which may be there already.
  public Places with(long place) {
    int found = Arrays.binarySearch(rising, place);
    if (found >= 0) {
      return this;
    }
    long[] more = new long[rising.length + 1];
    int at = -found - 1;
    System.arraycopy(rising, 0, more, 0, at);
    more[at] = place;
    System.arraycopy(rising, at, more, at + 1, rising.length - at);
    return new Places(more);
  }

  /// The same without one, which need not be there.
  public Places without(long place) {
    int found = Arrays.binarySearch(rising, place);
    if (found < 0) {
      return this;
    }
    long[] fewer = new long[rising.length - 1];
    System.arraycopy(rising, 0, fewer, 0, found);
    System.arraycopy(rising, found + 1, fewer, found, fewer.length - found);
    return new Places(fewer);
  }
}
