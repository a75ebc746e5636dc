package dev.gretchen.dashboards.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.dashboards.live.LiveSetup;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.judge.RunFacts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what is committed in the app's topics, from their beginning, and tells it. A consumer
/// without a group, on one named thread.
final class Reader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration METADATA = Duration.ofSeconds(10);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
  private static final int TEXT_MAX = 120;

  private final AppDescriptor app;
  private final InstantSource clock;
  private final Consumer<LiveEvent> sink;
  private final Set<String> topics = new LinkedHashSet<>();
  private final String changelog;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private volatile boolean closing;

  Reader(
      AppDescriptor app,
      LiveSetup setup,
      Map<String, Object> client,
      Consumer<LiveEvent> sink,
      InstantSource clock) {
    this.app = app;
    this.clock = clock;
    this.sink = sink;
    this.changelog = setup.counting().map(LiveSetup.Counting::changelog).orElse("");
    topics.addAll(app.inputs());
    topics.addAll(setup.ends());
    app.streams().forEach(stream -> topics.add(stream.topic()));
    if (app.auditTopic() != null) {
      topics.add(app.auditTopic());
    }
    if (!changelog.isEmpty()) {
      topics.add(changelog);
    }
    this.consumer =
        new KafkaConsumer<>(
            config(client), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.thread = Thread.ofPlatform().name("gretchen-reader").daemon().unstarted(this::read);
  }

  private static Map<String, Object> config(Map<String, Object> client) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "gretchen-reader");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    return config;
  }

  /// Begins to read; all topics must be there.
  void start() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      List<PartitionInfo> found = consumer.partitionsFor(topic, METADATA);
      if (found == null || found.isEmpty()) {
        LOG.atWarn().addKeyValue("topic", topic).log("there is no such topic to be shown");
        continue;
      }
      found.forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
    }
    consumer.assign(partitions);
    thread.start();
  }

  private void read() {
    try (consumer) {
      while (!closing) {
        try {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            tell(record);
          }
        } catch (WakeupException _) {
          // closing, as the loop will see
        } catch (KafkaException away) {
          LOG.atWarn().addKeyValue("cause", away.toString()).log("nothing can be read for now");
        }
      }
    }
  }

  private void tell(ConsumerRecord<byte[], byte[]> record) {
    long now = clock.millis();
    if (record.topic().equals(app.auditTopic())) {
      AuditEvent entry = AuditEvent.decode(record.value());
      // the worker that only trains the start-up cache is none of those that are shown
      if (entry != null && !entry.worker().equals(RunFacts.TRAINING_WORKER)) {
        sink.accept(new LiveEvent.Told(now, entry));
      }
      return;
    }
    String key = key(record);
    if (key == null) {
      return;
    }
    String lineage = app.lineageHeader();
    sink.accept(
        new LiveEvent.Seen(
            now,
            record.topic(),
            record.partition(),
            record.offset(),
            id(record),
            key,
            text(record.value()),
            tally(record),
            lineage == null ? null : Lineage.decode(header(record, lineage))));
  }

  /// The key as text; null for a changelog record that is of no plain table's key.
  private @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
    if (!record.topic().equals(changelog)) {
      return text(record.key());
    }
    return ChangelogKey.decode(record.key()) instanceof ChangelogKey.Plain(byte[] key)
        ? text(key)
        : null;
  }

  private @Nullable Tally tally(ConsumerRecord<byte[], byte[]> record) {
    boolean mayBe = !app.inputs().contains(record.topic()) && record.value() != null;
    return mayBe && record.value().length > 0 && record.value()[0] == '{'
        ? TallyJson.decode(record.value())
        : null;
  }

  private @Nullable Long id(ConsumerRecord<byte[], byte[]> record) {
    byte[] id = header(record, app.eventIdHeader());
    return id == null || id.length != Long.BYTES ? null : ByteBuffer.wrap(id).getLong();
  }

  private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, 0, Math.min(bytes.length, TEXT_MAX), UTF_8);
  }

  @Override
  public void close() {
    closing = true;
    if (thread.getState() == Thread.State.NEW) {
      consumer.close();
      return;
    }
    consumer.wakeup();
    try {
      if (!thread.join(CLOSE_MAX)) {
        LOG.warn("the reader did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
