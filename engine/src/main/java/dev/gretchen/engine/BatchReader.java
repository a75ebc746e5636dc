package dev.gretchen.engine;

import dev.gretchen.engine.internal.topology.AgentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Decodes the events of an agent that takes batches. A record by itself is a batch of one.
///
/// @param filter which events the handler sees; null for all
record BatchReader<K, V>(
    Topic<K, V> topic, @Nullable Predicate<? super Event<K, V>> filter, BatchHandler<K, V> handler)
    implements AgentSpec.Reader {

  @Override
  public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
    AgentSpec.Batch alone = batch();
    alone.read(source).run();
    return alone;
  }

  @Override
  public AgentSpec.Batch batch() {
    List<Event<K, V>> events = new ArrayList<>();
    return new AgentSpec.Batch() {
      @Override
      public Runnable read(ConsumerRecord<byte[], byte[]> source) {
        Event<K, V> event =
            new Event<>(source, topic.decodeKey(source.key()), topic.decodeValue(source.value()));
        topic.requireTime(event);
        return () -> events.add(event);
      }

      @Override
      public void run() throws Exception {
        List<Event<K, V>> passed =
            filter == null ? List.copyOf(events) : events.stream().filter(filter).toList();
        if (!passed.isEmpty()) {
          handler.handle(passed);
        }
      }
    };
  }
}
