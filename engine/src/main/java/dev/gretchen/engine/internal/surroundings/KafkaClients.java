package dev.gretchen.engine.internal.surroundings;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// Where the engine's Kafka clients come from. Keys and values are bytes throughout.
public interface KafkaClients {

  Consumer<byte[], byte[]> consumer(Map<String, Object> configuration);

  Producer<byte[], byte[]> producer(Map<String, Object> configuration);

  Admin admin(Map<String, Object> configuration);
}
