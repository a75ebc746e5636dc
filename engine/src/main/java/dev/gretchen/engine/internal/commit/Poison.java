package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.task.TaskContext;
import java.util.LinkedHashMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Events whose effects the brokers refused: tried again they would abort the worker for ever, so
/// their task starts anew and sends them to the dead-letter topic. Where that record is refused
/// too, the next is one that holds nothing but where the event is and why it was refused.
public final class Poison implements TaskContext.Poisoned {

  private static final int EVENTS_MAX = 10_000;

  private record Source(TopicPartition input, long offset) {}

  private final LinkedHashMap<Source, TaskContext.Refusal> refusals = new LinkedHashMap<>();

  public synchronized void add(TopicPartition input, long offset, String reason) {
    refusals.merge(
        new Source(input, offset),
        new TaskContext.Refusal(reason, false),
        (first, second) ->
            new TaskContext.Refusal(
                first.reason() + "; its dead letter too: " + second.reason(), true));
    if (refusals.size() > EVENTS_MAX) {
      refusals.pollFirstEntry();
    }
  }

  @Override
  public synchronized TaskContext.@Nullable Refusal refusal(TopicPartition input, long offset) {
    return refusals.isEmpty() ? null : refusals.get(new Source(input, offset));
  }
}
