package dev.gretchen.verifier.history;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/// An append-only file of compressed blocks.
///
/// Each block is `raw length (4), compressed length (4), CRC-32C of the compressed bytes (4),
/// deflated bytes` and can be read by itself: an entry never spans two blocks, and delta coding
/// starts anew with each. A process that dies leaves at most one cut-off block at the end. Not
/// thread-safe; errors of the disk are `UncheckedIOException`.
final class BlockWriter implements AutoCloseable {

  /// How large a block grows before it is written, bytes.
  static final int BLOCK_BYTES = 64 * 1024;

  static final int HEADER_BYTES = 12;

  private final OutputStream file;
  private final Deflater deflater;
  private byte[] raw = new byte[8 * 1024];
  private int length;

  /// Creates the file.
  ///
  /// @param deflater may be shared by writers of one thread; the writer does not end it
  BlockWriter(Path path, Deflater deflater) {
    this.deflater = deflater;
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      this.file = Files.newOutputStream(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  static Deflater deflater() {
    return new Deflater(Deflater.BEST_SPEED, true);
  }

  /// Whether the block under way is empty, so that delta coding must start anew.
  boolean atBlockStart() {
    return length == 0;
  }

  void varint(long value) {
    reserve(10);
    while ((value & ~0x7fL) != 0) {
      raw[length++] = (byte) (value | 0x80);
      value >>>= 7;
    }
    raw[length++] = (byte) value;
  }

  void signed(long value) {
    varint(value << 1 ^ value >> 63);
  }

  void fixed(long value) {
    reserve(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      raw[length++] = (byte) (value >>> shift);
    }
  }

  void bytes(byte[] value) {
    varint(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, raw, length, value.length);
    length += value.length;
  }

  /// Ends an entry; writes the block if it is large enough.
  void endEntry() {
    if (length >= BLOCK_BYTES) {
      flush();
    }
  }

  /// Writes what there is, so that a reader sees it.
  void flush() {
    if (length == 0) {
      return;
    }
    byte[] packed = new byte[HEADER_BYTES + length + length / 8 + 64];
    deflater.reset();
    deflater.setInput(raw, 0, length);
    deflater.finish();
    int size = deflater.deflate(packed, HEADER_BYTES, packed.length - HEADER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(packed, HEADER_BYTES, size);
    ByteBuffer.wrap(packed).putInt(length).putInt(size).putInt((int) crc.getValue());
    try {
      file.write(packed, 0, HEADER_BYTES + size);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot append to the history; is the disk full?", e);
    }
    length = 0;
  }

  private void reserve(int more) {
    if (length + more > raw.length) {
      raw = Arrays.copyOf(raw, Math.max(length + more, raw.length * 2));
    }
  }

  @Override
  public void close() {
    flush();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close a history file", e);
    }
  }
}
