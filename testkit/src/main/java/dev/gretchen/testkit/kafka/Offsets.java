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

  private final Map<TopicPartition, OffsetAndMetadata> committed = new LinkedHashMap<>();
  private final Map<Long, Map<TopicPartition, OffsetAndMetadata>> pending = new LinkedHashMap<>();
  private final List<OffsetCommit> history = new ArrayList<>();

  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, long nowNanos) {
    offsets.forEach((partition, offset) -> {
      committed.put(partition, offset);
      history.add(new OffsetCommit(partition, offset.offset(), offset.metadata(), nowNanos));
    });
  }

  void stage(long producerId, Map<TopicPartition, OffsetAndMetadata> offsets) {
    pending.computeIfAbsent(producerId, _ -> new LinkedHashMap<>()).putAll(offsets);
  }

  void end(long producerId, boolean commit, long nowNanos) {
    Map<TopicPartition, OffsetAndMetadata> staged = pending.remove(producerId);
    if (staged != null && commit) {
      commit(staged, nowNanos);
    }
  }

  Reply.Committed fetch(Set<TopicPartition> asked, boolean requireStable) {
    Set<TopicPartition> wanted = new LinkedHashSet<>(asked.isEmpty() ? committed.keySet() : asked);
    Map<TopicPartition, OffsetAndMetadata> found = new LinkedHashMap<>();
    Set<TopicPartition> unstable = new LinkedHashSet<>();
    for (TopicPartition partition : wanted) {
      OffsetAndMetadata offset = committed.get(partition);
      if (requireStable
          && pending.values().stream().anyMatch(staged -> staged.containsKey(partition))) {
        unstable.add(partition);
      } else if (offset != null) {
        found.put(partition, offset);
      }
    }
    return new Reply.Committed(Errors.NONE, found, unstable);
  }

  long committed(TopicPartition partition) {
    OffsetAndMetadata offset = committed.get(partition);
    return offset == null ? -1 : offset.offset();
  }

  /// All commits, in the order in which they became visible.
  List<OffsetCommit> history() {
    return List.copyOf(history);
  }
}
