package dev.gretchen.engine.internal.global;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.topology.GlobalSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the copies of a worker's global tables: it reads their topics from the beginning,
/// committed records alone, and goes on reading.
///
/// They are *complete* when everything was read that was committed when the worker started; it
/// joins its group only then, so no event is ever handled beside a copy that is half there. From
/// then on they are as current as the reading is.
///
/// Thread: [#step] runs on the globals' thread, which alone touches the consumer.
public final class Globals implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(Globals.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

  private final Map<String, GlobalCopy> copies = new HashMap<>();
  private final Map<String, List<GlobalCopy>> byTopic = new HashMap<>();
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Surroundings surroundings;
  private final Map<String, Object> settings;
  private final Monitor monitor;
  private volatile boolean complete;
  private volatile boolean stopping;

  // confined to the globals' thread
  private @Nullable Consumer<byte[], byte[]> made;

  private @Nullable Map<TopicPartition, Long> ends;

  /// @param partitionsOf a topic
  /// @param settings of the consumer
  public Globals(
      List<GlobalSpec> tables,
      ToIntFunction<String> partitionsOf,
      Surroundings surroundings,
      Map<String, Object> settings) {
    this.surroundings = surroundings;
    this.settings = settings;
    this.monitor = surroundings.monitor();
    for (GlobalSpec table : tables) {
      GlobalCopy copy = new GlobalCopy();
      copies.put(table.name(), copy);
      List<GlobalCopy> together = byTopic.computeIfAbsent(table.topic(), _ -> new ArrayList<>());
      if (together.isEmpty()) {
        for (int partition = 0; partition < partitionsOf.applyAsInt(table.topic()); partition++) {
          partitions.add(new TopicPartition(table.topic(), partition));
        }
      }
      together.add(copy);
    }
  }

  /// The copy of a table; null if the app has none of this name.
  public @Nullable GlobalCopy copy(String table) {
    return copies.get(table);
  }

  /// Waits until all copies are complete.
  ///
  /// @return whether they are, within the bound
  public boolean awaitComplete(Duration bound) {
    monitor.await(() -> complete || stopping, bound);
    return complete;
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    Consumer<byte[], byte[]> consumer = made;
    if (stopping) {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(CLOSE_BOUND));
      }
      return false;
    }
    if (consumer == null) {
      consumer = surroundings.kafka().consumer(settings);
      made = consumer;
    }
    try {
      Map<TopicPartition, Long> until = ends;
      if (until == null) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        until = consumer.endOffsets(partitions);
        ends = until;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        for (GlobalCopy copy : byTopic.getOrDefault(record.topic(), List.of())) {
          copy.apply(record.key(), record.value());
        }
      }
      if (!complete && haveReached(consumer, until)) {
        complete = true;
        LOG.atInfo().addKeyValue("tables", copies.keySet()).log("global tables are complete");
        monitor.signal();
      }
    } catch (OffsetOutOfRangeException overtaken) {
      // what was deleted before it was read is gone for everybody; what is left is read anew
      consumer.seekToBeginning(overtaken.partitions());
    } catch (KafkaException notNow) {
      LOG.atWarn()
          .addKeyValue("cause", notNow.toString())
          .log("global tables have to wait for the cluster");
      monitor.await(() -> stopping, ASK_AGAIN);
    }
    return true;
  }

  private boolean haveReached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> until) {
    for (TopicPartition partition : partitions) {
      if (consumer.position(partition) < until.getOrDefault(partition, 0L)) {
        return false;
      }
    }
    return true;
  }
}
