package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.lane.Stragglers;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.topology.Topology;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What all tasks of a worker share.
///
/// @param mailbox what may wait for one task
/// @param room told when a full task has room again, by the thread that handled its events
/// @param cells the bound on what tables keep on the heap
/// @param recordBytesMax the largest key and value that may be sent
/// @param poisoned events whose effects the brokers refused; they go to the dead-letter topic
///   unhandled
/// @param parts that every task has
/// @param stragglers handlers that go on though their task has ended
/// @param fatal told of what must stop the worker
/// @param reach what handlers reach beside their events
public record TaskContext(
    Topology topology,
    Surroundings surroundings,
    Budget budget,
    Meters meters,
    Mailbox.Bounds mailbox,
    Runnable room,
    CellBound cells,
    int recordBytesMax,
    Poisoned poisoned,
    TaskParts parts,
    Stragglers stragglers,
    Consumer<Throwable> fatal,
    Reach reach) {

  /// Of an app whose handlers reach nothing else.
  public TaskContext(
      Topology topology,
      Surroundings surroundings,
      Budget budget,
      Meters meters,
      Mailbox.Bounds mailbox,
      Runnable room,
      CellBound cells,
      int recordBytesMax,
      Poisoned poisoned,
      TaskParts parts,
      Stragglers stragglers,
      Consumer<Throwable> fatal) {
    this(
        topology,
        surroundings,
        budget,
        meters,
        mailbox,
        room,
        cells,
        recordBytesMax,
        poisoned,
        parts,
        stragglers,
        fatal,
        Reach.NOTHING);
  }

  /// Knows the events that must not be tried again.
  @FunctionalInterface
  public interface Poisoned {
    /// Why the event must not be tried again, or null.
    @Nullable Refusal refusal(TopicPartition input, long offset);

    /// Whether the partition had a value that could not be sent, so that each is to be looked at
    /// with its event from now on.
    default boolean isSuspect(TopicPartition input) {
      return false;
    }
  }

  /// What the brokers refused.
  ///
  /// @param deadLetterToo whether the event's dead letter was refused as well
  public record Refusal(String reason, boolean deadLetterToo) {}
}
