package dev.gretchen.engine.internal.surroundings;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The clients of `kafka-clients`, with what connects them to the cluster.
///
/// @param connection bootstrap servers, security and the like, for every client; a client's own
///   configuration wins
public record RealKafkaClients(Map<String, Object> connection) implements KafkaClients {

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
    // a member of the group reads events; every other consumer reads for a store
    boolean isMember = configuration.containsKey(ConsumerConfig.GROUP_ID_CONFIG);
    return new KafkaConsumer<>(
        joined(configuration),
        new ByteArrayDeserializer(),
        isMember ? new EventDeserializer() : new ByteArrayDeserializer());
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
    return new KafkaProducer<>(
        joined(configuration), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public Admin admin(Map<String, Object> configuration) {
    return Admin.create(joined(configuration));
  }

  private Map<String, Object> joined(Map<String, Object> configuration) {
    Map<String, Object> all = new HashMap<>(connection);
    all.putAll(configuration);
    return all;
  }
}
