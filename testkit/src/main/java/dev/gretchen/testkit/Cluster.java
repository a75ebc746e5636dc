package dev.gretchen.testkit;

import dev.gretchen.engine.Event;
import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Message;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.kafka.StoredRecord;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.testkit.sim.Trace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Brokers that are quick and lose nothing, on a network that is quick and loses nothing.
final class Cluster {

  /// Quick, but long enough that a crash at any moment often strikes in the middle of a commit.
  private static final long LATENCY_NANOS = 250_000;

  private static final long MARKER_NANOS = 250_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Scheduler scheduler;
  private final SimKafka kafka;
  private final Network network;
  private final int partitions;
  private final Map<TopicPartition, Long> readTo = new HashMap<>();
  private int keyless;
  private long latestTimestamp;

  /// @param partitions of every topic made here
  Cluster(long seed, int partitions) {
    this.partitions = partitions;
    this.scheduler = new Scheduler(seed, new Trace(0));
    this.kafka = new SimKafka(scheduler, this::clockMillis, () -> around(MARKER_NANOS));
    this.network =
        new Network(
            scheduler,
            kafka,
            (_, _) -> new Fate.Delivered(around(LATENCY_NANOS), around(LATENCY_NANOS)));
  }

  /// A broker refuses a timestamp far ahead of its clock. Event time in a test is what the test
  /// says, so the brokers' clock is never behind it.
  private long clockMillis() {
    long virtual = SimSurroundings.BEGINNING.toEpochMilli() + scheduler.now() / NANOS_PER_MILLI;
    return Math.max(virtual, latestTimestamp);
  }

  private long around(long nanos) {
    return nanos / 2 + scheduler.random().nextLong(nanos);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SimKafka kafka() {
    return kafka;
  }

  Network network() {
    return network;
  }

  void create(String topic) {
    kafka.create(topic, partitions, Map.of());
  }

  List<TopicPartition> partitionsOf(String topic) {
    int count = kafka.topics().containsKey(topic) ? kafka.topics().get(topic).partitions() : 0;
    List<TopicPartition> all = new ArrayList<>(count);
    for (int partition = 0; partition < count; partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    return all;
  }

  /// Appends a record, in the partition that the default partitioner picks.
  void append(
      String topic, byte @Nullable [] key, byte @Nullable [] value, long timestamp, long eventId) {
    int partition = (key == null ? keyless++ : Utils.toPositive(Utils.murmur2(key))) % partitions;
    latestTimestamp = Math.max(latestTimestamp, timestamp);
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(eventId).array();
    Message message =
        new Message(timestamp, key, value, List.of(new Message.HeaderField(Event.ID_HEADER, id)));
    kafka.handle(
        new Request.Produce(
            null, -1, (short) -1, new TopicPartition(topic, partition), -1, List.of(message)),
        reply -> {
          if (reply.error() != Errors.NONE) {
            throw new IllegalArgumentException(
                "topic " + topic + " refuses the record: " + reply.error().message());
          }
        });
  }

  /// The records of a topic that are committed and were not taken before. Those of a partition keep
  /// their order; among partitions, what descends from the event that was piped first comes first.
  List<Located> take(String topic) {
    List<List<StoredRecord>> found = new ArrayList<>();
    List<TopicPartition> all = partitionsOf(topic);
    for (TopicPartition partition : all) {
      List<StoredRecord> records = kafka.committed(partition, readTo.getOrDefault(partition, 0L));
      found.add(records);
      if (!records.isEmpty()) {
        readTo.put(partition, records.getLast().offset() + 1);
      }
    }
    List<Located> merged = new ArrayList<>();
    int[] next = new int[all.size()];
    for (int first = firstOf(found, next); first >= 0; first = firstOf(found, next)) {
      merged.add(new Located(all.get(first), found.get(first).get(next[first]++)));
    }
    return merged;
  }

  /// A record and where it lies.
  record Located(TopicPartition partition, StoredRecord record) {}

  private static int firstOf(List<List<StoredRecord>> found, int[] next) {
    int first = -1;
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < next.length; i++) {
      if (next[i] < found.get(i).size()) {
        long id = eventId(found.get(i).get(next[i]));
        if (first < 0 || id < lowest) {
          first = i;
          lowest = id;
        }
      }
    }
    return first;
  }

  private static long eventId(StoredRecord record) {
    for (Message.HeaderField header : record.message().headers()) {
      byte[] id = header.value();
      if (header.key().equals(Event.ID_HEADER) && id != null && id.length == Long.BYTES) {
        return ByteBuffer.wrap(id).getLong();
      }
    }
    return Long.MAX_VALUE;
  }
}
