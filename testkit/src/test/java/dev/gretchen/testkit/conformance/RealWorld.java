package dev.gretchen.testkit.conformance;

import dev.gretchen.engine.internal.surroundings.KafkaClients;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Kafka itself, in real time.
///
/// @param bootstrap where its brokers are
record RealWorld(String bootstrap) implements World {

  @Override
  public Map<String, Object> connection() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  @Override
  public KafkaClients clients() {
    return new KafkaClients() {
      @Override
      public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
        return new KafkaConsumer<>(
            configuration, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      }

      @Override
      public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
        return new KafkaProducer<>(
            configuration, new ByteArraySerializer(), new ByteArraySerializer());
      }

      @Override
      public Admin admin(Map<String, Object> configuration) {
        return Admin.create(configuration);
      }
    };
  }

  @Override
  public void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("the test was broken off", interrupted);
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }
}
