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

  /// What does not change from record to record.
  public record Stamp(byte[] before, byte[] after) {

    /// The header's value for a record that stands for a range of events.
    public byte[] of(long firstOffset, long lastOffset) {
      byte[] offsets = (firstOffset + "," + lastOffset).getBytes(StandardCharsets.UTF_8);
      return concat(concat(before, offsets), after);
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] joined = new byte[a.length + b.length];
    System.arraycopy(a, 0, joined, 0, a.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
