package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.task.TaskContext;
import java.util.LinkedHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Events whose effects the brokers refused: tried again they would abort the worker for ever, so
/// their task starts anew and sends them to the dead-letter topic.
public final class Poison implements TaskContext.Poisoned {

  private static final int EVENTS_MAX = 10_000;

  private record Source(TopicPartition input, long offset) {}

  private final LinkedHashMap<Source, String> reasons = new LinkedHashMap<>();

  public synchronized void add(TopicPartition input, long offset, String reason) {
    reasons.put(new Source(input, offset), reason);
    if (reasons.size() > EVENTS_MAX) {
      reasons.pollFirstEntry();
    }
  }

  @Override
  public synchronized @Nullable String reason(TopicPartition input, long offset) {
    return reasons.isEmpty() ? null : reasons.get(new Source(input, offset));
  }
}
