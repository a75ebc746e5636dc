package dev.gretchen.testkit.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// The committed offsets of one group, and those that pending transactions may still change.
final class Offsets {

  private final Map<TopicPartition, Written> committed = new LinkedHashMap<>();
  private final Map<Long, Map<TopicPartition, Written>> pending = new LinkedHashMap<>();
  private final List<OffsetCommit> history = new ArrayList<>();
  private long written;

  /// An offset and when it was written, which is not when its transaction ended.
  private record Written(OffsetAndMetadata offset, long number) {}

  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, long nowNanos) {
    offsets.forEach(
        (partition, offset) -> commit(partition, new Written(offset, written++), nowNanos));
  }

  /// What was written later stays, even if an earlier one's transaction ends only now.
  private void commit(TopicPartition partition, Written next, long nowNanos) {
    Written before = committed.get(partition);
    if (before == null || before.number() < next.number()) {
      committed.put(partition, next);
      OffsetAndMetadata offset = next.offset();
      history.add(new OffsetCommit(partition, offset.offset(), offset.metadata(), nowNanos));
    }
  }

  void stage(long producerId, Map<TopicPartition, OffsetAndMetadata> offsets) {
    Map<TopicPartition, Written> staged =
        pending.computeIfAbsent(producerId, _ -> new LinkedHashMap<>());
    offsets.forEach((partition, offset) -> staged.put(partition, new Written(offset, written++)));
  }

  void end(long producerId, boolean commit, long nowNanos) {
    Map<TopicPartition, Written> staged = pending.remove(producerId);
    if (staged != null && commit) {
      staged.forEach((partition, offset) -> commit(partition, offset, nowNanos));
    }
  }

  /// A topic is deleted, and what was committed of it.
  void forget(String topic) {
    committed.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  Reply.Committed fetch(Set<TopicPartition> asked, boolean requireStable) {
    Set<TopicPartition> wanted = new LinkedHashSet<>(asked.isEmpty() ? committed.keySet() : asked);
    Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
    Set<TopicPartition> unstable = new LinkedHashSet<>();
    for (TopicPartition partition : wanted) {
      Written offset = committed.get(partition);
      if (requireStable
          && pending.values().stream().anyMatch(staged -> staged.containsKey(partition))) {
        unstable.add(partition);
      } else if (offset != null) {
        found.put(partition, offset.offset());
      }
    }
    return new Reply.Committed(Errors.NONE, found, unstable);
  }

  long committed(TopicPartition partition) {
    Written last = committed.get(partition);
    return last == null ? -1 : last.offset().offset();
  }

  /// All commits, in the order in which they became visible.
  List<OffsetCommit> history() {
    return List.copyOf(history);
  }
}
