package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.topology.Topology;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/// What all tasks of a worker share.
///
/// @param recordBytesMax the largest key and value that may be sent
/// @param poisoned events whose effects the brokers refused; they go to the dead-letter topic
///   unhandled
/// @param fatal told of what must stop the worker
public record TaskContext(
    Topology topology,
    Surroundings surroundings,
    Budget budget,
    Meters meters,
    int recordBytesMax,
    Poisoned poisoned,
    Consumer<Throwable> fatal) {

  /// Partition counts of the input topics.
  public interface Poisoned {
    /// Why the event must not be tried again, or null.
    @org.jspecify.annotations.Nullable
    String reason(TopicPartition input, long offset);
  }
}
