package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
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

  private static final Pattern COMMA = Pattern.compile(",");
  private static final int FIELDS = 8;

  /// Decodes a header's value; null where it follows no version that this judge knows.
  public static @Nullable Lineage decode(byte @Nullable [] header) {
    if (header == null) {
      return null;
    }
    String[] fields = COMMA.split(new String(header, StandardCharsets.UTF_8), -1);
    if (fields.length < FIELDS || !fields[0].equals("v1")) {
      return null;
    }
    try {
      return new Lineage(
          fields[1],
          Integer.parseInt(fields[2]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[4]),
          fields[5],
          Long.parseLong(fields[6]),
          Long.parseLong(fields[7]));
    } catch (NumberFormatException _) {
      return null;
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
