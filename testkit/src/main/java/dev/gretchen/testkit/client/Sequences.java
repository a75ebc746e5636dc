package dev.gretchen.testkit.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/// The sequence numbers of an idempotent producer, by partition: which is next, which was
/// acknowledged last, and which batches have one and are not done.
final class Sequences {

  private static final int NONE_ACKNOWLEDGED = -1;

  private final Map<TopicPartition, Entry> entries = new TreeMap<>(Partitions.BY_NAME);

  /// For each partition that holds a batch in doubt: the sequence after it.
  private final Map<TopicPartition, Integer> unresolved = new TreeMap<>(Partitions.BY_NAME);

  private static final class Entry {
    ProducerIdentity identity = ProducerIdentity.NONE;
    int next;
    int lastAcknowledged = NONE_ACKNOWLEDGED;
    final List<Batch> open = new ArrayList<>();
  }

  private Entry entry(TopicPartition partition) {
    return entries.computeIfAbsent(partition, _ -> new Entry());
  }

  void reset() {
    entries.clear();
    unresolved.clear();
  }

  void reset(TopicPartition partition) {
    entries.remove(partition);
    unresolved.remove(partition);
  }

  /// Gives a batch its sequence, after the partition has taken over a newer identity if it may.
  void identify(Batch batch, ProducerIdentity current) {
    Entry entry = entry(batch.partition);
    if (!entry.identity.equals(current) && entry.open.isEmpty()) {
      beginAgain(batch.partition, current);
    }
    batch.identify(entry.identity, entry.next);
    entry.next += batch.count();
    entry.open.add(batch);
  }

  /// Begins a partition's sequence at 0, with the batches that are not done.
  void beginAgain(TopicPartition partition, ProducerIdentity current) {
    Entry entry = entry(partition);
    int next = 0;
    for (Batch batch : entry.open) {
      batch.identifyAnew(current, next);
      next += batch.count();
    }
    entry.identity = current;
    entry.next = next;
    entry.lastAcknowledged = NONE_ACKNOWLEDGED;
    unresolved.remove(partition);
  }

  void acknowledged(Batch batch) {
    Entry entry = entry(batch.partition);
    entry.lastAcknowledged = Math.max(entry.lastAcknowledged, batch.lastSequence());
    entry.open.remove(batch);
  }

  void drop(Batch batch) {
    entry(batch.partition).open.remove(batch);
  }

  void replace(Batch batch, List<Batch> parts) {
    Entry entry = entry(batch.partition);
    int at = entry.open.indexOf(batch);
    if (at >= 0) {
      entry.open.remove(at);
      entry.open.addAll(at, parts);
    }
  }

  /// A batch was refused for good: those behind it move up.
  void closeGap(Batch failed) {
    Entry entry = entry(failed.partition);
    if (!entry.identity.equals(failed.identity)) {
      return;
    }
    entry.next -= failed.count();
    for (Batch batch : entry.open) {
      if (batch.sequence > failed.sequence) {
        batch.identifyAnew(batch.identity, batch.sequence - failed.count());
      }
    }
  }

  void markUnresolved(Batch batch) {
    unresolved.merge(batch.partition, batch.lastSequence() + 1, Math::max);
  }

  boolean isUnresolved(TopicPartition partition) {
    return unresolved.containsKey(partition);
  }

  boolean isBehindUnresolved(TopicPartition partition, int sequence) {
    return Integer.valueOf(sequence).equals(unresolved.get(partition));
  }

  /// Partitions in doubt whose batches are all done, and where the doubt remains; forgets those
  /// where a later batch got through.
  List<TopicPartition> takeInDoubt() {
    List<TopicPartition> found = new ArrayList<>();
    for (TopicPartition partition : List.copyOf(unresolved.keySet())) {
      Entry entry = entry(partition);
      if (entry.open.isEmpty()) {
        unresolved.remove(partition);
        if (!isNext(partition, entry.next)) {
          found.add(partition);
        }
      }
    }
    return found;
  }

  boolean isNext(TopicPartition partition, int sequence) {
    return sequence - entry(partition).lastAcknowledged == 1;
  }
}
