package dev.gretchen.verifier.history;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads what [BlockWriter] wrote, block by block, in constant memory.
///
/// A block that is cut off by the end of the file ends the reading quietly; one that is damaged
/// with more behind it is [HistoryDamaged]. The file is closed at the end of the reading, or by
/// [#close].
final class BlockReader implements AutoCloseable {

  private static final int BLOCK_BYTES_MAX = 64 * 1024 * 1024;

  private final Path path;
  private final InputStream file;
  private final Inflater inflater = new Inflater(true);
  private byte[] block = {};
  private int at;
  private boolean blockStart;
  private boolean closed;

  BlockReader(Path path) {
    this.path = path;
    try {
      this.file = new BufferedInputStream(Files.newInputStream(path), 64 * 1024);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /// Whether there is another entry; opens the next block where needed.
  boolean hasNext() {
    while (at >= block.length) {
      if (closed || !nextBlock()) {
        close();
        return false;
      }
    }
    return true;
  }

  /// Whether the next entry is the first of its block; asking forgets it.
  boolean takeBlockStart() {
    boolean start = blockStart;
    blockStart = false;
    return start;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = block[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  long fixed() {
    long value = ByteBuffer.wrap(block).getLong(at);
    at += 8;
    return value;
  }

  byte[] bytes() {
    int length = (int) varint();
    byte[] bytes = new byte[length];
    System.arraycopy(block, at, bytes, 0, length);
    at += length;
    return bytes;
  }

  private boolean nextBlock() {
    try {
      byte[] header = file.readNBytes(BlockWriter.HEADER_BYTES);
      if (header.length < BlockWriter.HEADER_BYTES) {
        return false;
      }
      ByteBuffer fields = ByteBuffer.wrap(header);
      int length = fields.getInt();
      int size = fields.getInt();
      int sum = fields.getInt();
      if (length <= 0 || size <= 0 || length > BLOCK_BYTES_MAX || size > BLOCK_BYTES_MAX) {
        throw new HistoryDamaged(path + " holds a block header of nonsense");
      }
      byte[] packed = file.readNBytes(size);
      if (packed.length < size) {
        return false;
      }
      CRC32C crc = new CRC32C();
      crc.update(packed);
      boolean whole = (int) crc.getValue() == sum && inflate(packed, length);
      if (!whole && file.read() >= 0) {
        throw new HistoryDamaged(path + " holds a damaged block before its end");
      }
      at = 0;
      blockStart = true;
      return whole;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private boolean inflate(byte[] packed, int length) {
    inflater.reset();
    inflater.setInput(packed);
    block = new byte[length];
    try {
      return inflater.inflate(block) == length;
    } catch (DataFormatException _) {
      return false;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inflater.end();
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close " + path, e);
      }
    }
  }
}
