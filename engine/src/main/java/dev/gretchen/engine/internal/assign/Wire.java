package dev.gretchen.engine.internal.assign;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Bytes of what members tell each other: numbers of variable length (seven bits a byte, low ones
/// first, as in LEB128), and texts as length and UTF-8.
final class Wire {

  private static final int SEVEN_BITS = 0x7f;
  private static final int MORE = 0x80;
  private static final int LONG_BITS = 64;

  private Wire() {}

  /// Writes.
  static final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /// @param value not negative
    Writer number(long value) {
      long rest = value;
      while (rest > SEVEN_BITS) {
        out.write((int) ((rest & SEVEN_BITS) | MORE));
        rest >>>= 7;
      }
      out.write((int) rest);
      return this;
    }

    Writer text(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  /// Reads; whatever is not as it should be is a [Malformed].
  static final class Reader {

    private final ByteBuffer in;

    Reader(ByteBuffer in) {
      this.in = in.slice();
    }

    long number() throws Malformed {
      long value = 0;
      for (int shift = 0; shift < LONG_BITS; shift += 7) {
        int next = next();
        value |= (long) (next & SEVEN_BITS) << shift;
        if ((next & MORE) == 0) {
          if (value < 0) {
            throw new Malformed("a negative number");
          }
          return value;
        }
      }
      throw new Malformed("a number without end");
    }

    /// How many entries follow; no more than there are bytes left, so that nothing is allocated for
    /// a length that cannot be true.
    int count() throws Malformed {
      long count = number();
      if (count > in.remaining()) {
        throw new Malformed("more entries than bytes");
      }
      return (int) count;
    }

    String text() throws Malformed {
      byte[] bytes = new byte[count()];
      in.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private int next() throws Malformed {
      try {
        return in.get() & 0xff;
      } catch (BufferUnderflowException _) {
        throw new Malformed("cut off");
      }
    }
  }

  /// Bytes that nobody wrote whole.
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what);
    }
  }
}
