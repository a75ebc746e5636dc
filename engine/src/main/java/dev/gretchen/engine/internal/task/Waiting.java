package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.DeadlinePassed;
import dev.gretchen.engine.EventAbandoned;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// How the handlers of one event at a time wait, and until when: on a monitor of the engine, so
/// that the end of the task, or of the event's time, ends the wait. Confined to the thread that
/// handles the event.
final class Waiting {

  private final Surroundings surroundings;
  private final Monitor monitor;
  private @Nullable Long deadlineNanos;

  /// @param monitor signalled when the task ends
  Waiting(Surroundings surroundings, Monitor monitor) {
    this.surroundings = surroundings;
    this.monitor = monitor;
  }

  /// An event begins, which may take so long.
  void begin(@Nullable Duration limit) {
    deadlineNanos = limit == null ? null : surroundings.nanoTime() + limit.toNanos();
  }

  /// When the event's time is up; null where nothing limits it.
  @Nullable Long deadlineNanos() {
    return deadlineNanos;
  }

  /// How long the event may still take, zero if its time is up; empty where nothing limits it.
  Optional<Duration> timeLeft() {
    Long deadline = deadlineNanos;
    return deadline == null
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(Math.max(0, deadline - surroundings.nanoTime())));
  }

  /// The worker's clock.
  long clockMillis() {
    return surroundings.clock().millis();
  }

  boolean await(BooleanSupplier condition, Duration bound) {
    return monitor.await(condition, bound);
  }

  /// @throws EventAbandoned if the task has ended meanwhile
  /// @throws DeadlinePassed if the event's time is up
  void sleep(Duration length, BooleanSupplier ended, ConsumerRecord<byte[], byte[]> source) {
    Duration left = timeLeft().orElse(length);
    boolean inTime = length.compareTo(left) <= 0;
    if (monitor.await(ended, inTime ? length : left)) {
      throw new EventAbandoned(place(source));
    }
    if (!inTime) {
      throw new DeadlinePassed(place(source));
    }
  }

  static String place(ConsumerRecord<byte[], byte[]> source) {
    return source.topic() + "-" + source.partition() + "@" + source.offset();
  }
}
