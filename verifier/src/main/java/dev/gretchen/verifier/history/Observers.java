package dev.gretchen.verifier.history;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.truth.LogRecord;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.Deflater;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads every topic of an app's descriptor from its beginning, as a committed reader without a
/// group, and writes the history while it goes.
///
/// One named platform thread with one consumer reads them all; topics that do not exist yet, and
/// partitions that are added, are looked for every second and taken up when they are there. What
/// was read is on disk at most a second later. Fetches are bounded so that tens of thousands of
/// records a second cost little memory. All public methods are for any thread; a failure ends the
/// thread and is told by [#failure].
public final class Observers implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Observers.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /// So soon a partition is seen that a topic was given.
  private static final Duration METADATA_AGE_MAX = Duration.ofSeconds(5);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
  private static final long CHORES_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long POSITIONS_EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private final RunDirectory run;
  private final AppDescriptor app;
  private final InstantSource clock;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final Deflater deflater = BlockWriter.deflater();
  private final Map<TopicPartition, LogWriter> writers = new HashMap<>();
  private final ConcurrentMap<TopicPartition, Watch> watches = new ConcurrentHashMap<>();
  private volatile boolean closing;
  private volatile @Nullable String failure;

  private Observers(
      Map<String, Object> clientConfig, AppDescriptor app, RunDirectory run, InstantSource clock) {
    this.run = run;
    this.app = app;
    this.clock = clock;
    this.consumer = new KafkaConsumer<>(config(clientConfig));
    this.thread = Thread.ofPlatform().name("gretchen-observer").unstarted(this::observe);
  }

  /// Starts to observe.
  ///
  /// @param clientConfig at least `bootstrap.servers`
  public static Observers open(
      Map<String, Object> clientConfig, AppDescriptor app, RunDirectory run, InstantSource clock) {
    Observers observers = new Observers(clientConfig, app, run, clock);
    observers.thread.start();
    return observers;
  }

  private static Map<String, Object> config(Map<String, Object> clientConfig) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "gretchen-observer");
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, (int) METADATA_AGE_MAX.toMillis());
    // wait for more rather than fetch often: brokers and app share the machine with us
    config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 256 * 1024);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    return config;
  }

  /// What was seen so far, by topic and partition.
  public List<Watch> watches() {
    return watches.values().stream()
        .sorted(Comparator.comparing(Watch::topic).thenComparingInt(Watch::partition))
        .toList();
  }

  /// How many records of a topic were seen.
  public long records(String topic) {
    return watches.values().stream()
        .filter(watch -> watch.topic().equals(topic))
        .mapToLong(Watch::records)
        .sum();
  }

  /// Why the observing ended before it was told to, null while all is well.
  public @Nullable String failure() {
    return failure;
  }

  /// Waits until everything up to some ends (for committed readers) was read and is on its way to
  /// the disk; false where the time ran out or the observing has failed.
  public boolean awaitCaughtUp(Map<TopicPartition, Long> ends, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!caughtUp(ends)) {
      if (failure != null || System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(PAUSE);
    }
    return true;
  }

  private boolean caughtUp(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> {
          Watch watch = watches.get(end.getKey());
          return watch != null && watch.position() >= end.getValue();
        });
  }

  private void observe() {
    try {
      long chores = 0;
      long positions = 0;
      while (!closing) {
        long now = System.nanoTime();
        if (chores == 0 || now - chores >= CHORES_EVERY_NANOS) {
          chores = now;
          lookForTopics();
          writers.values().forEach(LogWriter::flush);
        }
        if (writers.isEmpty()) {
          Thread.sleep(POLL);
          continue;
        }
        write(consumer.poll(POLL));
        if (now - positions >= POSITIONS_EVERY_NANOS) {
          positions = now;
          writers.keySet().forEach(this::position);
        }
      }
    } catch (WakeupException | InterruptedException _) {
      log.debug("observing ends");
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("observing failed");
      failure = "The observer of the topics failed: " + e;
    } finally {
      closeWriters();
      deflater.end();
      consumer.close();
    }
  }

  private void closeWriters() {
    for (LogWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (UncheckedIOException e) {
        failure = "The history cannot be written: " + e.getMessage();
      }
    }
  }

  /// Topics that have come into being, and partitions that a topic was given since.
  private void lookForTopics() {
    List<TopicPartition> found = new ArrayList<>();
    for (String topic : app.topics()) {
      for (PartitionInfo partition : partitions(topic)) {
        TopicPartition tp = new TopicPartition(topic, partition.partition());
        if (!writers.containsKey(tp)) {
          found.add(tp);
        }
      }
    }
    if (found.isEmpty()) {
      return;
    }
    for (TopicPartition tp : found) {
      writers.put(tp, new LogWriter(run.log(tp.topic(), tp.partition()), deflater));
      watches.put(tp, new Watch(tp.topic(), tp.partition(), 0, 0, 0, 0));
    }
    consumer.assign(writers.keySet());
    log.atInfo().addKeyValue("partitions", writers.size()).log("observing");
  }

  private List<PartitionInfo> partitions(String topic) {
    try {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, POLL.multipliedBy(20));
      return partitions == null ? List.of() : partitions;
    } catch (TimeoutException _) {
      return List.of();
    }
  }

  private void write(ConsumerRecords<byte[], byte[]> records) {
    long now = clock.millis();
    for (TopicPartition tp : records.partitions()) {
      LogWriter writer = writers.get(tp);
      Watch watch = watches.get(tp);
      if (writer == null || watch == null) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> batch = records.records(tp);
      for (ConsumerRecord<byte[], byte[]> record : batch) {
        writer.append(observed(record, now));
      }
      long end = batch.getLast().offset() + 1;
      watches.put(
          tp, new Watch(tp.topic(), tp.partition(), watch.records() + batch.size(), end, end, now));
    }
  }

  private LogRecord observed(ConsumerRecord<byte[], byte[]> record, long now) {
    Header id = record.headers().lastHeader(app.eventIdHeader());
    boolean hasId = id != null && id.value() != null && id.value().length == Long.BYTES;
    String lineageHeader = app.lineageHeader();
    Header lineage = lineageHeader == null ? null : record.headers().lastHeader(lineageHeader);
    return new LogRecord(
        record.partition(),
        record.offset(),
        record.timestamp(),
        now,
        record.key(),
        record.value(),
        hasId,
        hasId ? ByteBuffer.wrap(id.value()).getLong() : 0,
        lineage == null ? null : lineage.value(),
        LogRecord.reason(
            value(record.headers(), LogRecord.REASON_HEADER),
            value(record.headers(), LogRecord.LATE_TABLE_HEADER),
            value(record.headers(), LogRecord.LATE_WINDOWS_HEADER)));
  }

  private static byte @Nullable [] value(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }

  /// Control records are no records to a consumer, so only its position shows that they were
  /// passed.
  private void position(TopicPartition tp) {
    try {
      long position = consumer.position(tp, Duration.ZERO);
      watches.computeIfPresent(
          tp,
          (_, watch) ->
              new Watch(
                  watch.topic(),
                  watch.partition(),
                  watch.records(),
                  Math.max(watch.position(), position),
                  watch.dataEnd(),
                  watch.lastSeenAt()));
    } catch (TimeoutException _) {
      log.trace("no position yet");
    }
  }

  /// Stops to observe and closes the history's files.
  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      if (!thread.join(CLOSE_MAX)) {
        log.warn("the observer did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
