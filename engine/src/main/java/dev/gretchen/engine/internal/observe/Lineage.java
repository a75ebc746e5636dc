package dev.gretchen.engine.internal.observe;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.charset.StandardCharsets;

/// The header that says where an output or a changelog record comes from.
public final class Lineage {

  public static final String HEADER = "gretchen-lineage";

  private final byte[] prefixOfWorker;

  /// @param worker the worker's name
  public Lineage(String worker) {
    this.prefixOfWorker = ("," + worker + ",").getBytes(StandardCharsets.UTF_8);
  }

  /// One task's records in one epoch share all but the offsets.
  public Stamp stamp(TaskId task, int generation, long epoch) {
    return new Stamp(
        ("v1," + task.topic() + "," + task.partition() + ",").getBytes(StandardCharsets.UTF_8),
        concat(prefixOfWorker, (generation + "," + epoch).getBytes(StandardCharsets.UTF_8)));
  }

  /// What does not change from record to record. Written for each record, hence by hand.
  public record Stamp(byte[] before, byte[] after) {

    /// The header's value for a record that stands for a range of events.
    public byte[] of(long firstOffset, long lastOffset) {
      int firstDigits = digits(firstOffset);
      int lastDigits = digits(lastOffset);
      byte[] text = new byte[before.length + firstDigits + 1 + lastDigits + after.length];
      System.arraycopy(before, 0, text, 0, before.length);
      int at = before.length + firstDigits;
      write(firstOffset, text, at);
      text[at] = ',';
      at += 1 + lastDigits;
      write(lastOffset, text, at);
      System.arraycopy(after, 0, text, at, after.length);
      return text;
    }

    private static int digits(long number) {
      int digits = 1;
      for (long rest = number; rest >= 10; rest /= 10) {
        digits++;
      }
      return digits;
    }

    /// Writes the digits of a number that is not negative, which end before a place.
    private static void write(long number, byte[] text, int end) {
      int at = end;
      long rest = number;
      do {
        text[--at] = (byte) ('0' + rest % 10);
        rest /= 10;
      } while (rest > 0);
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] joined = new byte[a.length + b.length];
    System.arraycopy(a, 0, joined, 0, a.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
