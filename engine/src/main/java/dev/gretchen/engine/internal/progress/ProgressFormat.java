package dev.gretchen.engine.internal.progress;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The metadata of a committed offset: which transaction committed it, and what beyond it is done.
///
///     v1,<epoch>                    nothing beyond the offset is done
///     v2,<epoch>,<base64url>        something is
///
/// The bytes behind the base64 are numbers of seven bits a byte, low ones first, the high bit set
/// in all but a number's last byte: `end - offset`, then for each unfinished offset its distance
/// to the one before less one, where before the first stands `offset - 1`. `docs/contract.md` has
/// it for other readers.
///
/// **It always fits.** Brokers refuse more than 4,096 characters, and that is fatal to a producer.
/// [#sizeOf] is the price of an unfinished offset. An offset that is done leaves the list, and the
/// distance across it is never dearer than the two that it replaces: numbers below 128^p and 128^q
/// have a sum, plus one, below 128^(p + q). So who starts no event beyond [#DISTANCES_BYTES_MAX]
/// can commit at any later moment, whatever has ended by then.
public final class ProgressFormat {

  /// What brokers accept unless `offset.metadata.max.bytes` says otherwise.
  public static final int CHARS_MAX = 4_096;

  /// Of this many bytes the base64 has 4,000 characters, and 96 are left for version and epoch.
  private static final int BYTES_MAX = 3_000;

  private static final int NUMBER_BYTES_MAX = 10;

  /// The price of all unfinished offsets but the first; the first, and the end, may cost what they
  /// will.
  public static final int DISTANCES_BYTES_MAX = BYTES_MAX - 2 * NUMBER_BYTES_MAX;

  private static final String IN_ORDER = "v1,";
  private static final String OUT_OF_ORDER = "v2,";

  private ProgressFormat() {}

  /// The bytes that an unfinished offset takes.
  ///
  /// @param before the unfinished offset before it
  static int sizeOf(long before, long unfinished) {
    long number = unfinished - before - 1;
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 6) / 7);
  }

  /// The metadata of an offset.
  ///
  /// @param epoch the number of the transaction
  /// @throws IllegalStateException where it is longer than brokers accept, which a producer would
  ///   not survive
  public static String encode(long epoch, Progress progress) {
    if (!progress.isAhead()) {
      return IN_ORDER + epoch;
    }
    ByteBuffer bytes = ByteBuffer.allocate(NUMBER_BYTES_MAX * (progress.unfinished().size() + 1));
    put(bytes, progress.end() - progress.offset());
    long before = progress.offset() - 1;
    for (long unfinished : progress.unfinished()) {
      put(bytes, unfinished - before - 1);
      before = unfinished;
    }
    bytes.flip();
    String text =
        OUT_OF_ORDER
            + epoch
            + ","
            + StandardCharsets.US_ASCII.decode(
                Base64.getUrlEncoder().withoutPadding().encode(bytes));
    if (text.length() > CHARS_MAX) {
      throw new IllegalStateException(
          "the metadata of offset "
              + progress.offset()
              + " with "
              + progress.unfinished().size()
              + " unfinished events would have "
              + text.length()
              + " characters, and brokers accept "
              + CHARS_MAX
              + "; fewer events should have been started");
    }
    return text;
  }

  /// What a committed offset and its metadata say. Metadata that is no version of ours was not
  /// written by an engine: the offset was set by hand, and counts alone.
  ///
  /// @throws IllegalArgumentException where it is a version of ours that cannot be read; to go on
  ///   with the offset alone would apply events twice
  public static Progress decode(long offset, String metadata) {
    if (!metadata.matches("v[0-9]+,.*") || metadata.startsWith(IN_ORDER)) {
      return Progress.at(offset);
    }
    String[] fields = metadata.split(",", -1);
    if (!metadata.startsWith(OUT_OF_ORDER) || fields.length != 3) {
      throw unreadable(offset, metadata, null);
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(fields[2]));
      long end = offset + number(bytes);
      List<Long> unfinished = new ArrayList<>();
      long before = offset - 1;
      while (bytes.hasRemaining()) {
        before += number(bytes) + 1;
        unfinished.add(before);
      }
      return new Progress(offset, end, unfinished);
    } catch (IllegalArgumentException | BufferUnderflowException malformed) {
      throw unreadable(offset, metadata, malformed);
    }
  }

  private static IllegalArgumentException unreadable(
      long offset, String metadata, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "the metadata of committed offset "
            + offset
            + " cannot be read: expected v1 or v2, found '"
            + metadata.substring(0, Math.min(metadata.length(), 60))
            + "'. A newer engine may have written it: start that one, or set the group's offset by hand to handle again what was done beyond it",
        cause);
  }

  private static void put(ByteBuffer bytes, long number) {
    long left = number;
    while (left >= 0x80) {
      bytes.put((byte) (left | 0x80));
      left >>>= 7;
    }
    bytes.put((byte) left);
  }

  private static long number(ByteBuffer bytes) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
      byte next = bytes.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number of more than 63 bits");
  }
}
