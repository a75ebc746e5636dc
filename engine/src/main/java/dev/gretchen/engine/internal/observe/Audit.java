package dev.gretchen.engine.internal.observe;

import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Tells the audit topic who holds which partition, and what recoveries did. Nothing waits for it
/// and nothing hangs on it: a record that cannot be sent is lost, and logged.
public final class Audit implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);
  private static final int MAX_BLOCK_MILLIS = 1_000;

  private final Surroundings surroundings;
  private final String topic;
  private final String worker;
  private final String incarnation;
  private final Producer<byte[], byte[]> producer;
  private final JsonMapper json = JsonMapper.shared();

  public Audit(Surroundings surroundings, String topic, String worker, String incarnation) {
    this.surroundings = surroundings;
    this.topic = topic;
    this.worker = worker;
    this.incarnation = incarnation;
    this.producer =
        surroundings
            .kafka()
            .producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    worker + "-" + incarnation + "-audit",
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.LINGER_MS_CONFIG,
                    0,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    MAX_BLOCK_MILLIS));
  }

  /// The worker itself began or ends.
  public void worker(String event) {
    send(event, null, -1, Map.of());
  }

  /// Something happened to a task.
  ///
  /// @param event `assigned`, `recovering`, `running`, `revoked`, `lost` or `reset`
  public void task(String event, TaskId task, int generation) {
    send(event, task, generation, Map.of());
  }

  /// A task runs after its recovery.
  public void running(TaskId task, int generation, Map<String, Object> recovery) {
    send("running", task, generation, Map.of("recovery", recovery));
  }

  private void send(String event, @Nullable TaskId task, int generation, Map<String, Object> more) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("at", surroundings.clock().millis());
    entry.put("worker", worker);
    entry.put("incarnation", incarnation);
    entry.put("event", event);
    if (task != null) {
      entry.put("topic", task.topic());
      entry.put("partition", task.partition());
      entry.put("generation", generation);
    }
    entry.putAll(more);
    try {
      producer.send(
          new ProducerRecord<>(
              topic, worker.getBytes(StandardCharsets.UTF_8), json.writeValueAsBytes(entry)),
          (_, failure) -> {
            if (failure != null) {
              LOG.atWarn()
                  .addKeyValue("event", event)
                  .addKeyValue("cause", failure.toString())
                  .log("audit record lost");
            }
          });
    } catch (KafkaException failure) {
      LOG.atWarn()
          .addKeyValue("event", event)
          .addKeyValue("cause", failure.toString())
          .log("audit record lost");
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_BOUND);
  }
}
