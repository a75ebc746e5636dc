package dev.gretchen.peers.floor;

import dev.gretchen.peers.contract.EventId;
import dev.gretchen.peers.contract.Lineage;
import dev.gretchen.peers.contract.Palette;
import dev.gretchen.peers.worker.Program;
import dev.gretchen.peers.worker.WorkerArguments;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one loop: poll, filter or count, and commit when the interval is over. Outputs go out as
/// they come, within the transaction that the next commit ends; changelogs with the commit; then
/// RocksDB.
///
/// There is one answer to whatever goes wrong: forget what no transaction holds, begin with a new
/// producer, rejoin the group, recover. Confined to one thread, but for [#stop] and [#isReady].
final class FloorLoop implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(FloorLoop.class);
  private static final String WORDS = "words";
  private static final String COLORS = "colors";
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);
  private static final int FAILURES_IN_A_ROW_MAX = 20;

  private final WorkerArguments arguments;
  private final Palette palette;
  private final String group;
  private final Disk disk;
  private final Recovery recovery;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Integer, ColorsPartition> partitions = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private final Map<TopicPartition, Lineage> lineages = new HashMap<>();
  private @Nullable Outbox outbox;
  private boolean forgetting;

  /// Counts transactions. A static member that is back keeps its generation, so this has to rise
  /// beyond its earlier process: it begins with the time of day.
  private long epoch = System.currentTimeMillis();

  private long lastCommitNanos = System.nanoTime();
  private volatile boolean stopping;
  private volatile boolean ready;

  FloorLoop(WorkerArguments arguments, String group) {
    this.arguments = arguments;
    this.palette = arguments.palette();
    this.group = group;
    this.disk = new Disk(arguments.stateDirectory());
    this.recovery = new Recovery(arguments.connection());
    Map<String, Object> settings = new HashMap<>(arguments.connection());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, arguments.worker());
    // a worker that is back before the session ends takes its partitions back at once
    settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, arguments.worker());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    this.consumer = new KafkaConsumer<>(settings);
  }

  /// Runs until it is stopped.
  ///
  /// @throws RuntimeException after a failure that beginning anew does not mend
  void run() {
    int failures = 0;
    while (!stopping) {
      try {
        Outbox open = outbox;
        if (open == null) {
          open = begin();
        }
        step(open);
        failures = 0;
      } catch (FencedInstanceIdException replaced) {
        throw replaced;
      } catch (KafkaException failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("begins anew");
        forget();
        if (++failures > FAILURES_IN_A_ROW_MAX) {
          throw failure;
        }
      }
    }
    close();
  }

  private Outbox begin() {
    Outbox open =
        switch (arguments.guarantee()) {
          case EXACTLY_ONCE ->
              Outbox.exactlyOnce(arguments.connection(), group + "-" + arguments.worker());
          case AT_LEAST_ONCE -> Outbox.atLeastOnce(arguments.connection());
        };
    outbox = open;
    consumer.subscribe(
        arguments.program() == Program.WORD_COLORS ? Set.of(WORDS, COLORS) : Set.of(COLORS), this);
    return open;
  }

  private void step(Outbox open) {
    long due = lastCommitNanos + arguments.commitInterval().toNanos();
    ConsumerRecords<byte[], byte[]> records =
        consumer.poll(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
    for (TopicPartition input : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> events = records.records(input);
      Lineage lineage = lineage(input);
      ColorsPartition counted = partitions.get(input.partition());
      if (input.topic().equals(WORDS)) {
        filter(events, open, lineage);
      } else if (counted != null) {
        counted.count(events, open, lineage);
      }
    }
    offsets.putAll(records.nextOffsets());
    if (System.nanoTime() >= due) {
      commit(open);
      lastCommitNanos = System.nanoTime();
    }
  }

  private void filter(List<ConsumerRecord<byte[], byte[]>> words, Outbox open, Lineage lineage) {
    for (ConsumerRecord<byte[], byte[]> word : words) {
      if (palette.contains(new String(word.value(), StandardCharsets.UTF_8))) {
        RecordHeader from =
            new RecordHeader(Lineage.HEADER, lineage.value(word.offset(), word.offset()));
        open.send(
            new ProducerRecord<>(
                COLORS,
                null,
                word.timestamp(),
                word.value(),
                word.value(),
                List.of(EventId.header(word.headers()), from)),
            null);
      }
    }
  }

  private void commit(Outbox open) {
    if (offsets.isEmpty()) {
      return;
    }
    partitions.forEach((partition, counted) ->
        counted.sendChanges(open, lineage(new TopicPartition(COLORS, partition))));
    open.commit(offsets, consumer);
    partitions.values().forEach(ColorsPartition::committed);
    offsets.clear();
    lineages.clear();
    epoch++;
  }

  /// The same for all records of a source partition in one transaction.
  private Lineage lineage(TopicPartition input) {
    return lineages.computeIfAbsent(
        input,
        source ->
            Lineage.of(
                source.topic(),
                source.partition(),
                arguments.worker(),
                consumer.groupMetadata().generationId(),
                epoch));
  }

  /// Stable offsets first, the ends of the changelogs after them: see [Recovery].
  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> gained) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(gained));
    List<FloorTable> tables = new ArrayList<>();
    for (TopicPartition input : gained) {
      OffsetAndMetadata offset = committed.get(input);
      consumer.seek(input, offset == null ? 0 : offset.offset());
      if (input.topic().equals(COLORS)) {
        partitions.put(input.partition(), open(input.partition(), tables));
      }
    }
    recovery.recover(tables);
    partitions.values().forEach(ColorsPartition::recovered);
    ready = true;
  }

  private ColorsPartition open(int partition, List<FloorTable> opened) {
    FloorTable total = table("color-total", partition);
    opened.add(total);
    if (arguments.program() != Program.WORD_COLORS) {
      return new ColorsPartition(arguments.program(), total, null);
    }
    FloorTable minute = table("color-minute", partition);
    opened.add(minute);
    return new ColorsPartition(arguments.program(), total, minute);
  }

  private FloorTable table(String name, int partition) {
    return new FloorTable(
        new TopicPartition(group + "-" + name + "-changelog", partition), disk, name);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> given) {
    Outbox open = outbox;
    if (!forgetting && open != null) {
      commit(open);
    }
    drop(given);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    drop(lost);
    if (!forgetting) {
      throw new KafkaException("partitions were lost: " + lost);
    }
  }

  private void drop(Collection<TopicPartition> inputs) {
    for (TopicPartition input : inputs) {
      offsets.remove(input);
      ColorsPartition counted =
          input.topic().equals(COLORS) ? partitions.remove(input.partition()) : null;
      if (counted != null) {
        counted.close();
      }
    }
  }

  /// Drops all that no transaction holds, and the membership.
  private void forget() {
    ready = false;
    forgetting = true;
    Outbox open = outbox;
    outbox = null;
    if (open != null) {
      open.close();
    }
    try {
      consumer.unsubscribe();
    } finally {
      partitions.values().forEach(ColorsPartition::close);
      partitions.clear();
      offsets.clear();
      lineages.clear();
      forgetting = false;
    }
  }

  private void close() {
    ready = false;
    // revokes everything, hence commits
    consumer.close(
        CloseOptions.timeout(CLOSE_BOUND)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    Outbox open = outbox;
    if (open != null) {
      open.close();
    }
    partitions.values().forEach(ColorsPartition::close);
    disk.close();
  }

  boolean isReady() {
    return ready;
  }

  /// Commits, leaves the group and ends, soon.
  void stop() {
    stopping = true;
  }
}
