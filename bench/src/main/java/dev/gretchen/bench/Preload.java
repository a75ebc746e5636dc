package dev.gretchen.bench;

import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Loads a workload's input, all of it before anybody reads.
final class Preload {

  private static final String EVENT_ID = "event-id";

  private Preload() {}

  /// @return how many records there are
  static long load(Map<String, ?> connection, Workload workload) throws InterruptedException {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    LoadPlan plan = workload.plan();
    long records = 0;
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings(connection))) {
      for (long index = 0; index < plan.count(); index++) {
        LoadEvent event = plan.event(index);
        if (workload.stage() == Stage.COUNT && !plan.isColor(event.id())) {
          continue;
        }
        var _ =
            producer.send(
                record(workload.stage(), event),
                (_, cause) -> {
                  if (cause != null) {
                    failure.set(cause);
                  }
                });
        records++;
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while the input was loaded");
        }
      }
    }
    Exception cause = failure.get();
    if (cause != null) {
      throw new KafkaException("the input could not be loaded", cause);
    }
    return records;
  }

  /// Of a producer that loads a lot.
  static Map<String, Object> settings(Map<String, ?> connection) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 50);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    return settings;
  }

  private static ProducerRecord<byte[], byte[]> record(Stage stage, LoadEvent event) {
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(event.id()).array();
    boolean keyed = stage == Stage.COUNT;
    return new ProducerRecord<>(
        stage.input(),
        keyed ? null : event.partition(),
        event.timestamp(),
        keyed ? event.value() : event.key(),
        event.value(),
        List.of(new RecordHeader(EVENT_ID, id)));
  }
}
