package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.topology.AgentSpec;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Carries the events of a topic over to another one, under another key: the agent behind
/// [EventStream#groupBy], [EventStream#through] and each side of a [Join]. Value and headers go as
/// they are.
///
/// @param filter null where every event passes
/// @param by the new key; null where an event keeps its own
/// @param side of a join that the events are of; null for none
record Forwarding<K, V, G>(
    Topic<K, V> from,
    Topic<G, V> to,
    @Nullable Predicate<? super Event<K, V>> filter,
    @Nullable Function<? super Event<K, V>, ? extends G> by,
    String name,
    @Nullable Side side)
    implements AgentSpec.Reader {

  @Override
  public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
    Event<K, V> event =
        new Event<>(source, from.decodeKey(source.key()), from.decodeValue(source.value()));
    from.requireTime(event);
    return () -> forward(event);
  }

  @Override
  public AgentSpec.Batch batch() {
    return new BatchReader<>(
            from, null, batch -> batch.forEach(event -> event.causes(() -> forward(event))))
        .batch();
  }

  private void forward(Event<K, V> event) {
    if (filter != null && !filter.test(event)) {
      return;
    }
    CurrentEvent current = CurrentEvent.required(name);
    if (side == null) {
      current.forward(to.name(), key(event), value(event));
    } else {
      current.forward(to.name(), key(event), value(event), Side.HEADER, side.word());
    }
  }

  private byte @Nullable [] key(Event<K, V> event) {
    if (by == null) {
      return event.keyBytes();
    }
    G key = by.apply(event);
    if (key == null) {
      throw new IllegalStateException(
          "groupBy "
              + name
              + ": "
              + event
              + " has no key by its function, and belongs to no group; filter such events out before, or give them a key");
    }
    return to.keys().encode(key);
  }

  /// Topics of one stream may write their values differently; those behind are written alike.
  private byte @Nullable [] value(Event<K, V> event) {
    return from.values() == to.values() || event.isTombstone()
        ? event.valueBytes()
        : to.values().encode(event.value());
  }
}
