package dev.gretchen.engine.internal.fakes;

import dev.gretchen.engine.internal.surroundings.KafkaClients;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// Hands out the clients that a test has laid ready, and keeps how they were asked for. Nothing can
/// be asked of its admin clients.
public final class FakeClients implements KafkaClients {

  private final ArrayDeque<Producer<byte[], byte[]>> producers = new ArrayDeque<>();
  private final ArrayDeque<Consumer<byte[], byte[]>> consumers = new ArrayDeque<>();
  private final List<Map<String, Object>> asked = new ArrayList<>();

  public FakeClients with(Producer<byte[], byte[]> producer) {
    producers.add(producer);
    return this;
  }

  public FakeClients with(Consumer<byte[], byte[]> consumer) {
    consumers.add(consumer);
    return this;
  }

  /// The configurations of all clients that were asked for.
  public List<Map<String, Object>> asked() {
    return asked;
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
    asked.add(configuration);
    return consumers.remove();
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
    asked.add(configuration);
    return producers.remove();
  }

  @Override
  public Admin admin(Map<String, Object> configuration) {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, _) -> {
              throw new UnsupportedOperationException("nobody answers " + method.getName());
            });
  }
}
