package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.progress.ProgressFormat;
import dev.gretchen.engine.internal.task.TaskEpoch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What becomes visible together: the effects of whole events of some tasks, and their input
/// offsets. Sealed, hence never changed; only what belongs to tasks that were voided meanwhile is
/// left out when it is sent again.
///
/// @param number of the transaction in this process, rising
public record Epoch(long number, List<TaskEpoch> parts) {

  public Epoch {
    parts = List.copyOf(parts);
  }

  /// What is left of it for tasks that still live, and what is not: one look at each task.
  public Split split() {
    Map<Boolean, List<TaskEpoch>> byLife =
        parts.stream().collect(Collectors.partitioningBy(part -> !part.task().isVoid()));
    return new Split(
        new Epoch(number, byLife.getOrDefault(true, List.of())),
        byLife.getOrDefault(false, List.of()));
  }

  /// @param living to be sent
  /// @param dead to be dropped
  public record Split(Epoch living, List<TaskEpoch> dead) {}

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /// The input offsets, one for each task that contributed; never empty in an epoch that is sent,
  /// because an empty map carries no fencing. Their metadata has the number of the epoch, which
  /// shows what was committed together, and what beyond the offset is done.
  public Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TaskEpoch part : parts) {
      offsets.put(
          part.task().id().input(),
          new OffsetAndMetadata(part.nextOffset(), ProgressFormat.encode(number, part.progress())));
    }
    return offsets;
  }
}
