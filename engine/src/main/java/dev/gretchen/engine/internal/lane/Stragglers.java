package dev.gretchen.engine.internal.lane;

import dev.gretchen.engine.internal.store.ByteKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Handlers of this worker that go on though their task has ended. Nothing of what they do counts,
/// but what they call outside does: where the partition comes back to this worker, their lanes wait
/// until they have ended, so that two handlers of a key never overlap here. Any thread.
public final class Stragglers {

  private final Map<TopicPartition, Map<ByteKey, Integer>> lanes = new HashMap<>();
  private final Map<TopicPartition, Consumer<ByteKey>> waiting = new HashMap<>();

  /// A task has ended under the handlers of some lanes.
  public synchronized void left(TopicPartition input, Set<ByteKey> taken) {
    for (ByteKey lane : taken) {
      lanes.computeIfAbsent(input, _ -> new HashMap<>()).merge(lane, 1, Integer::sum);
    }
  }

  /// The partition's next task begins.
  ///
  /// @param released told of each of them when its last handler has ended, on that handler's thread
  /// @return the lanes that are not free
  public synchronized Set<ByteKey> of(TopicPartition input, Consumer<ByteKey> released) {
    waiting.put(input, released);
    return Set.copyOf(lanes.getOrDefault(input, Map.of()).keySet());
  }

  /// A handler whose task had ended has ended too.
  public void ended(TopicPartition input, ByteKey lane) {
    Consumer<ByteKey> released = take(input, lane);
    if (released != null) {
      released.accept(lane);
    }
  }

  private synchronized @Nullable Consumer<ByteKey> take(TopicPartition input, ByteKey lane) {
    Map<ByteKey, Integer> left = lanes.get(input);
    if (left == null || left.computeIfPresent(lane, (_, n) -> n > 1 ? n - 1 : null) != null) {
      return null;
    }
    if (left.isEmpty()) {
      lanes.remove(input);
    }
    return waiting.get(input);
  }
}
