package dev.gretchen.engine.internal.task;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What was fetched for a task and is not handled yet, in offset order. It takes what it is given;
/// the polling thread asks whether it is full and holds the partition back.
///
/// **Threads.** The polling thread adds, the activation looks at the first batch and removes it
/// when it is handled, whoever ends the task clears. None waits for another.
public final class Mailbox {

  /// What may wait for one partition before it is held back; at half of it there is room again.
  ///
  /// @param eventsMax at least one
  /// @param bytesMax of keys and values, roughly
  public record Bounds(int eventsMax, long bytesMax) {

    public Bounds {
      if (eventsMax < 1 || bytesMax < 1) {
        throw new IllegalArgumentException(
            "a mailbox holds at least one event and one byte, found "
                + eventsMax
                + ", "
                + bytesMax);
      }
    }
  }

  /// Records that one poll returned.
  ///
  /// @param nextOffset the position behind them
  record Batch(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset, long bytes) {}

  /// Of a batch, so many records are looked at for their size; of a smaller one, all.
  private static final int SAMPLES = 64;

  private final Bounds bounds;
  private final ConcurrentLinkedQueue<Batch> batches = new ConcurrentLinkedQueue<>();
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Mailbox(Bounds bounds) {
    this.bounds = bounds;
  }

  void add(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {
    long batchBytes = roughBytes(records);
    events.addAndGet(records.size());
    bytes.addAndGet(batchBytes);
    batches.add(new Batch(records, nextOffset, batchBytes));
  }

  /// The bytes of keys and values, by some of the records: the bound is one for memory, and to look
  /// at every record is to wait for memory.
  private static long roughBytes(List<ConsumerRecord<byte[], byte[]>> records) {
    int step = Math.max(1, records.size() / SAMPLES);
    long sampled = 0;
    int samples = 0;
    for (int i = 0; i < records.size(); i += step) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      sampled +=
          Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      samples++;
    }
    return samples == 0 ? 0 : sampled * records.size() / samples;
  }

  /// The batch at hand; null if there is none.
  @Nullable Batch peek() {
    return batches.peek();
  }

  /// Removes the batch at hand, if it is still there.
  ///
  /// @return whether there is room again, and was none before
  boolean remove(Batch handled) {
    boolean hadRoom = hasRoom();
    if (batches.remove(handled)) {
      subtract(handled);
    }
    return !hadRoom && hasRoom();
  }

  void clear() {
    for (Batch batch = batches.poll(); batch != null; batch = batches.poll()) {
      subtract(batch);
    }
  }

  private void subtract(Batch batch) {
    events.addAndGet(-batch.records.size());
    bytes.addAndGet(-batch.bytes);
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  int events() {
    return events.get();
  }

  boolean isFull() {
    return events.get() >= bounds.eventsMax || bytes.get() >= bounds.bytesMax;
  }

  boolean hasRoom() {
    return events.get() <= bounds.eventsMax / 2 && bytes.get() <= bounds.bytesMax / 2;
  }
}
