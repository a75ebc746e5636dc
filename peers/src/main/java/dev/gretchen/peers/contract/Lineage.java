package dev.gretchen.peers.contract;

import java.nio.charset.StandardCharsets;

/// The header that says where a record comes from. Records of one source partition and one
/// transaction share all but the offsets.
///
/// @param before `v1,<topic>,<partition>,`
/// @param after `,<worker>,<generation>,<epoch>`
@SuppressWarnings("ArrayRecordComponent")
public record Lineage(byte[] before, byte[] after) {

  public static final String HEADER = "gretchen-lineage";

  private static final int DIGITS_MAX = 20;

  /// The lineage of a source partition in a transaction.
  ///
  /// @param epoch counts the transactions of the worker's process
  public static Lineage of(String topic, int partition, String worker, int generation, long epoch) {
    return new Lineage(
        ascii("v1," + topic + "," + partition + ","),
        ascii("," + worker + "," + generation + "," + epoch));
  }

  /// The header's value for a record that stands for a range of events.
  public byte[] value(long firstOffset, long lastOffset) {
    byte[] digits = new byte[2 * DIGITS_MAX];
    int at = write(digits, digits.length, lastOffset);
    digits[--at] = ',';
    at = write(digits, at, firstOffset);
    int length = digits.length - at;
    byte[] value = new byte[before.length + length + after.length];
    System.arraycopy(before, 0, value, 0, before.length);
    System.arraycopy(digits, at, value, before.length, length);
    System.arraycopy(after, 0, value, before.length + length, after.length);
    return value;
  }

  /// Writes a number so that it ends before an index; returns where it begins.
  private static int write(byte[] digits, int end, long number) {
    int at = end;
    long rest = number;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    return at;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
