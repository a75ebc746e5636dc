package dev.gretchen.testkit.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/// The records that wait to be sent or to be acknowledged, in batches by partition.
final class Accumulator {

  private final int batchBytes;
  private final Map<TopicPartition, ArrayDeque<Batch>> waiting = new TreeMap<>(Partitions.BY_NAME);
  private final Set<Batch> incomplete = new LinkedHashSet<>();
  private long number;
  private int flushes;

  Accumulator(int batchBytes) {
    this.batchBytes = batchBytes;
  }

  /// @return whether there is something new to be sent: a batch was begun, or one is full
  boolean append(TopicPartition partition, Batch.Entry entry, long nowNanos) {
    ArrayDeque<Batch> queue = waiting.computeIfAbsent(partition, _ -> new ArrayDeque<>());
    Batch last = queue.peekLast();
    boolean fits =
        last != null
            && !last.hasSequence()
            && !last.inRetry
            && last.hasRoom(entry.message(), batchBytes);
    if (last == null || !fits) {
      last = new Batch(partition, ++number, nowNanos, false);
      queue.add(last);
      incomplete.add(last);
    }
    last.add(entry);
    return !fits || last.bytes() >= batchBytes;
  }

  Set<TopicPartition> partitions() {
    return waiting.keySet();
  }

  /// What waits for a partition, the next one first.
  ArrayDeque<Batch> queue(TopicPartition partition) {
    return waiting.computeIfAbsent(partition, _ -> new ArrayDeque<>());
  }

  boolean isFull(Batch batch, ArrayDeque<Batch> queue) {
    return queue.size() > 1 || batch.bytes() >= batchBytes;
  }

  void putBack(Batch batch) {
    queue(batch.partition).addFirst(batch);
  }

  /// Makes smaller batches of one that the brokers find too large.
  List<Batch> split(Batch large) {
    int bytes = large.isPart ? Math.max(large.largestRecordBytes(), large.bytes() / 2) : batchBytes;
    List<Batch> parts = large.split(bytes);
    incomplete.remove(large);
    incomplete.addAll(parts);
    parts.reversed().forEach(this::putBack);
    return parts;
  }

  void done(Batch batch) {
    incomplete.remove(batch);
    queue(batch.partition).remove(batch);
  }

  boolean hasIncomplete() {
    return !incomplete.isEmpty();
  }

  boolean hasWaiting() {
    return waiting.values().stream().anyMatch(queue -> !queue.isEmpty());
  }

  /// Batches that are not done, oldest first, of one kind.
  List<Batch> incomplete(Predicate<Batch> kind) {
    List<Batch> found = new ArrayList<>();
    for (Batch batch : incomplete) {
      if (kind.test(batch)) {
        found.add(batch);
      }
    }
    return found;
  }

  /// Whether a flush is under way: batches are then sent without lingering.
  boolean isFlushing() {
    return flushes > 0;
  }

  /// @return the number up to which batches are to be done
  long beginFlush() {
    flushes++;
    return number;
  }

  boolean isFlushed(long upTo) {
    return incomplete.stream().noneMatch(batch -> batch.number <= upTo);
  }

  void endFlush() {
    flushes--;
  }
}
