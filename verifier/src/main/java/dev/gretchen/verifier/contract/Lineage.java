package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Where a record came from, by its lineage header.
///
/// @param topic the source topic
/// @param partition its partition
/// @param first the first source offset that the record stands for
/// @param last the last one
/// @param worker the worker that sent it
/// @param generation the generation of the group that the worker was in
/// @param epoch counts the transactions of the worker's process
public record Lineage(
    String topic,
    int partition,
    long first,
    long last,
    String worker,
    long generation,
    long epoch) {

  private static final int DIGITS_MAX = 18;

  /// Decodes a header's value; null where it follows no version that this judge knows. Fields
  /// beyond the known ones are left to later versions.
  public static @Nullable Lineage decode(byte @Nullable [] header) {
    return decode(header, null);
  }

  /// Decodes a header's value, and takes over the texts of one that was decoded before where they
  /// are the same: in a log they nearly always are.
  public static @Nullable Lineage decode(byte @Nullable [] header, @Nullable Lineage before) {
    if (header == null || header.length < 3 || header[0] != 'v' || header[1] != '1') {
      return null;
    }
    return new Parser(header).parse(before);
  }

  /// Reads straight from the bytes: a judge decodes a header for every record of most logs.
  private static final class Parser {

    private final byte[] bytes;
    private int at = 2;
    private boolean broken;

    Parser(byte[] bytes) {
      this.bytes = bytes;
    }

    @Nullable Lineage parse(@Nullable Lineage before) {
      String topic = text(before == null ? "" : before.topic());
      long partition = number();
      long first = number();
      long last = number();
      String worker = text(before == null ? "" : before.worker());
      long generation = number();
      long epoch = number();
      return broken || partition != (int) partition
          ? null
          : new Lineage(topic, (int) partition, first, last, worker, generation, epoch);
    }

    /// Moves behind the comma in front of a field; the field's end.
    private int enter() {
      if (at >= bytes.length || bytes[at] != ',') {
        broken = true;
        at = bytes.length;
        return at;
      }
      int end = ++at;
      while (end < bytes.length && bytes[end] != ',') {
        end++;
      }
      return end;
    }

    private String text(String before) {
      int end = enter();
      String text =
          isAscii(before, end) ? before : new String(bytes, at, end - at, StandardCharsets.UTF_8);
      at = end;
      return text;
    }

    /// Whether the bytes up to an end are a text of ASCII characters.
    private boolean isAscii(String text, int end) {
      if (text.length() != end - at) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (bytes[at + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private long number() {
      int end = enter();
      boolean negative = at < end && bytes[at] == '-';
      int digits = negative ? at + 1 : at;
      broken |= digits == end || end - digits > DIGITS_MAX;
      long value = 0;
      for (int i = digits; i < end && !broken; i++) {
        int digit = bytes[i] - '0';
        broken |= digit < 0 || digit > 9;
        value = value * 10 + digit;
      }
      at = end;
      return negative ? -value : value;
    }
  }

  /// The header's value.
  public byte[] encode() {
    String text =
        String.join(
            ",",
            "v1",
            topic,
            Integer.toString(partition),
            Long.toString(first),
            Long.toString(last),
            worker,
            Long.toString(generation),
            Long.toString(epoch));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Who sent the record, in words.
  public String sender() {
    return worker + " (generation " + generation + ", epoch " + epoch + ")";
  }
}
