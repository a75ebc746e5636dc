package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What a committed offset with its metadata calls applied: all below the offset, and of what lies
/// between that and an end all but some. The format is the contract's, "Committed offsets".
public final class AppliedOffsets {

  /// The epoch of metadata that names none.
  public static final long NO_EPOCH = -1;

  private static final String IN_ORDER = "v1,";
  private static final String OUT_OF_ORDER = "v2,";
  private static final int EPOCH_DIGITS_MAX = 18;

  private final long offset;
  private final long end;
  private final long[] missing;
  private final long epoch;

  private AppliedOffsets(long offset, long end, long[] missing, long epoch) {
    this.offset = offset;
    this.end = end;
    this.missing = missing;
    this.epoch = epoch;
  }

  /// Reads an offset and its metadata, which an app on another engine need not have.
  ///
  /// @throws IllegalArgumentException for metadata that begins as the contract says and goes on
  ///   otherwise
  public static AppliedOffsets of(long offset, @Nullable String metadata) {
    if (metadata == null || !(metadata.startsWith(IN_ORDER) || metadata.startsWith(OUT_OF_ORDER))) {
      return new AppliedOffsets(offset, offset, new long[0], NO_EPOCH);
    }
    String rest = metadata.substring(IN_ORDER.length());
    int comma = rest.indexOf(',');
    if (metadata.startsWith(IN_ORDER) != (comma < 0)) {
      throw new IllegalArgumentException("metadata '" + metadata + "' has too many or few fields");
    }
    if (comma < 0) {
      return new AppliedOffsets(offset, offset, new long[0], epoch(rest));
    }
    byte[] numbers =
        Base64.getUrlDecoder()
            .decode(rest.substring(comma + 1).getBytes(StandardCharsets.US_ASCII));
    return ahead(offset, numbers, epoch(rest.substring(0, comma)));
  }

  private static long epoch(String digits) {
    if (digits.isEmpty()
        || digits.length() > EPOCH_DIGITS_MAX
        || !digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw new IllegalArgumentException("metadata names an epoch that is no number: " + digits);
    }
    return Long.parseLong(digits);
  }

  private static AppliedOffsets ahead(long offset, byte[] bytes, long epoch) {
    long[] numbers = new long[bytes.length];
    int count = 0;
    int shift = 0;
    for (byte each : bytes) {
      numbers[count] |= (long) (each & 0x7f) << shift;
      shift += 7;
      if ((each & 0x80) == 0) {
        count++;
        shift = 0;
      } else if (shift > 56) {
        throw new IllegalArgumentException("metadata has a number of more than 63 bits");
      }
    }
    if (count == 0 || shift != 0) {
      throw new IllegalArgumentException("metadata ends in the middle of a number");
    }
    long end = offset + numbers[0];
    long[] missing = new long[count - 1];
    long last = offset - 1;
    for (int i = 1; i < count; i++) {
      last += numbers[i] + 1;
      missing[i - 1] = last;
    }
    if (last >= end) {
      throw new IllegalArgumentException(
          "metadata calls " + last + " not applied, which lies at or beyond its end " + end);
    }
    return new AppliedOffsets(offset, end, missing, epoch);
  }

  /// Below it everything is applied.
  public long offset() {
    return offset;
  }

  /// At it and beyond it nothing is applied.
  public long end() {
    return end;
  }

  /// The transaction that committed it, [#NO_EPOCH] where it does not say.
  public long epoch() {
    return epoch;
  }

  /// Whether an offset is applied.
  public boolean contains(long event) {
    return event < offset || (event < end && Arrays.binarySearch(missing, event) < 0);
  }

  /// An offset that another calls applied and this one does not; -1 where there is none.
  public long lacks(AppliedOffsets other) {
    if (other.offset > offset) {
      for (long event = offset; event < other.offset; event++) {
        if (!contains(event)) {
          return event;
        }
      }
    }
    for (long event : missing) {
      if (other.contains(event)) {
        return event;
      }
    }
    for (long event = other.end - 1; event >= end && event >= other.offset; event--) {
      if (other.contains(event)) {
        return event;
      }
    }
    return -1;
  }
}
