package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.task.TaskContext;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Events whose effects the brokers refused: tried again they would abort the worker for ever, so
/// their task starts anew and sends them to the dead-letter topic. Where that record is refused
/// too, the next is one that holds nothing but where the event is and why it was refused.
public final class Poison implements TaskContext.Poisoned {

  private static final int EVENTS_MAX = 10_000;

  private record Source(TopicPartition input, long offset) {}

  private final LinkedHashMap<Source, TaskContext.Refusal> refusals = new LinkedHashMap<>();
  private final Set<TopicPartition> suspects = new HashSet<>();

  /// Whether there is anything to look up: asked once an event.
  private volatile boolean isEmpty = true;

  public synchronized void add(TopicPartition input, long offset, String reason) {
    isEmpty = false;
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
  public TaskContext.@Nullable Refusal refusal(TopicPartition input, long offset) {
    return isEmpty ? null : lookUp(input, offset);
  }

  private synchronized TaskContext.@Nullable Refusal lookUp(TopicPartition input, long offset) {
    return refusals.get(new Source(input, offset));
  }

  /// A value of the partition's tables could not be sent. Its task starts anew and looks at each
  /// value with its event, so that the one event that is at fault fails, by its policy.
  synchronized void suspect(TopicPartition input) {
    suspects.add(input);
  }

  @Override
  public synchronized boolean isSuspect(TopicPartition input) {
    return suspects.contains(input);
  }
}
