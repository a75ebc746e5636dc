package dev.gretchen.engine.internal.observe;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
///
/// Entries are taken from any thread, in order, and sent by the audit's own: a send may block while
/// the brokers do not answer, which is when a rebalance callback, on the polling thread, has most
/// to tell and least time.
public final class Audit implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int MAX_BLOCK_MILLIS = 1_000;

  /// Entries that wait to be sent; beyond it they are lost.
  private static final int WAITING_MAX = 10_000;

  private final Surroundings surroundings;
  private final String topic;
  private final String worker;
  private final String incarnation;
  private final Producer<byte[], byte[]> producer;
  private final JsonMapper json = JsonMapper.shared();
  private final BlockingQueue<Map<String, Object>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Monitor monitor;
  private volatile boolean stopping;

  public Audit(Surroundings surroundings, String topic, String worker, String incarnation) {
    this.surroundings = surroundings;
    this.topic = topic;
    this.worker = worker;
    this.incarnation = incarnation;
    this.monitor = surroundings.monitor();
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
    tell(event, null, -1, Map.of());
  }

  /// Something happened to a task.
  ///
  /// @param event `assigned`, `recovering`, `running`, `revoked`, `lost`, `reset`, `standby`,
  ///   `promoted` or `dropped`
  public void task(String event, TaskId task, int generation) {
    tell(event, task, generation, Map.of());
  }

  /// A task runs after its recovery.
  public void running(TaskId task, int generation, Map<String, Object> recovery) {
    tell("running", task, generation, Map.of("recovery", recovery));
  }

  /// This worker found or did something about another.
  ///
  /// @param event `suspected`, `cleared`, `evicted` or `fenced`
  /// @param peer the other worker's slot
  /// @param more times of what led to it, in milliseconds of this worker's clock
  public void peer(String event, String peer, String instance, Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(more);
    all.put("peer", peer);
    all.put("instance", instance);
    tell(event, null, -1, all);
  }

  private void tell(String event, @Nullable TaskId task, int generation, Map<String, Object> more) {
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
    if (!waiting.offer(entry)) {
      LOG.atWarn().addKeyValue("event", event).log("audit record lost, too many wait");
    }
    monitor.signal();
  }

  private void send(Map<String, Object> entry) {
    Object event = entry.get("event");
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

  /// Sends what waits, then ends.
  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    monitor.await(() -> stopping || !waiting.isEmpty(), LOOK_AGAIN);
    // looked at before the queue is emptied: what was told before the stop is sent
    boolean last = stopping;
    long deadline = surroundings.nanoTime() + CLOSE_BOUND.toNanos();
    for (Map<String, Object> entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      send(entry);
      if (last && surroundings.nanoTime() > deadline) {
        break;
      }
    }
    if (last) {
      producer.close(CLOSE_BOUND);
    }
    return !last;
  }
}
