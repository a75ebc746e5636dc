package dev.gretchen.engine.internal.surroundings.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bytes to frames. A link begins with four letters and a version, so that whoever came by mistake
/// is found out at once; then frames follow, each behind its length in two bytes.
///
/// Confined to the links' thread.
final class Frames {

  private static final int VERSION = 1;
  private static final byte[] PREAMBLE = preamble();
  private static final int LENGTH_BYTES = Short.BYTES;

  private final ByteBuffer incoming =
      ByteBuffer.allocate(PREAMBLE.length + LENGTH_BYTES + Links.FRAME_BYTES_MAX);
  private boolean introduced;

  /// What is said first.
  static ByteBuffer introduction() {
    return ByteBuffer.wrap(PREAMBLE);
  }

  /// A frame as it goes over the wire.
  static ByteBuffer framed(byte[] frame) {
    if (frame.length == 0 || frame.length > Links.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a frame has 1 to " + Links.FRAME_BYTES_MAX + " bytes, found " + frame.length);
    }
    return ByteBuffer.allocate(LENGTH_BYTES + frame.length)
        .putShort((short) frame.length)
        .put(frame)
        .flip();
  }

  /// Where to read into; has room whenever [#take] was called since.
  ByteBuffer room() {
    return incoming;
  }

  /// Takes the frames that are complete.
  ///
  /// @throws Garbled if the other side does not speak as a worker does
  List<byte[]> take() throws Garbled {
    incoming.flip();
    List<byte[]> frames = new ArrayList<>();
    if (!introduced) {
      introduce();
    }
    while (introduced && incoming.remaining() >= LENGTH_BYTES) {
      int length = Short.toUnsignedInt(incoming.getShort(incoming.position()));
      if (length == 0 || length > Links.FRAME_BYTES_MAX) {
        throw new Garbled("a frame of " + length + " bytes");
      }
      if (incoming.remaining() < LENGTH_BYTES + length) {
        break;
      }
      byte[] frame = new byte[length];
      incoming.position(incoming.position() + LENGTH_BYTES).get(frame);
      frames.add(frame);
    }
    incoming.compact();
    return frames;
  }

  private void introduce() throws Garbled {
    int seen = Math.min(incoming.remaining(), PREAMBLE.length);
    for (int i = 0; i < seen; i++) {
      if (incoming.get(incoming.position() + i) != PREAMBLE[i]) {
        throw new Garbled("another introduction than version " + VERSION + " has");
      }
    }
    if (seen == PREAMBLE.length) {
      incoming.position(incoming.position() + seen);
      introduced = true;
    }
  }

  private static byte[] preamble() {
    byte[] letters = "GRTL".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(letters.length + 1).put(letters).put((byte) VERSION).array();
  }

  /// The other side is no worker, or one that speaks another version.
  static final class Garbled extends Exception {
    private static final long serialVersionUID = 1L;

    Garbled(String found) {
      super("expected a worker's link, found " + found);
    }
  }
}
