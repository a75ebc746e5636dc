package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Message;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.kafka.StoredRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Reads ahead: one fetch at a time, for all partitions that have a position, are not paused, and
/// of which nothing waits here.
///
/// A position moves when a poll returns what lies before it. What was fetched for a partition that
/// is paused meanwhile is kept; what was fetched from elsewhere than the position now is, dropped.
final class Fetcher {

  private final Connection connection;
  private final Subscriptions subscriptions;
  private final Backoff backoff;
  private final Settings settings;
  private final Map<TopicPartition, Buffered> buffer = new LinkedHashMap<>();
  private boolean isUnderWay;
  private int turn;
  private int failures;
  private long notBefore;
  private final NavigableSet<TopicPartition> listing = Partitions.none();

  /// @param committed whether to read committed records only
  record Settings(
      Duration requestTimeout, boolean committed, int recordsPerPollMax, int maxWaitMillis) {}

  /// What one partition gave, as far as it was not returned yet.
  private static final class Buffered {
    final Reply.Slice slice;
    int taken;
    long next;

    Buffered(long from, Reply.Slice slice) {
      this.next = from;
      this.slice = slice;
    }
  }

  Fetcher(Connection connection, Subscriptions subscriptions, Backoff backoff, Settings settings) {
    this.connection = connection;
    this.subscriptions = subscriptions;
    this.backoff = backoff;
    this.settings = settings;
  }

  /// Asks for more, unless a fetch is under way.
  void send() {
    if (isUnderWay || connection.now() < notBefore) {
      return;
    }
    List<TopicPartition> wanted = new ArrayList<>();
    for (TopicPartition partition : subscriptions.fetchable()) {
      if (!buffer.containsKey(partition)) {
        wanted.add(partition);
      }
    }
    if (wanted.isEmpty()) {
      return;
    }
    // each partition comes first in its turn: an answer has room for so many records only
    Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    int first = Math.floorMod(turn++, wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      TopicPartition partition = wanted.get((first + i) % wanted.size());
      Long position = subscriptions.position(partition);
      if (position != null) {
        positions.put(partition, position);
      }
    }
    isUnderWay = true;
    connection.send(
        new Request.Fetch(
            positions,
            settings.committed(),
            settings.recordsPerPollMax(),
            settings.maxWaitMillis()),
        settings.requestTimeout(),
        reply -> {
          isUnderWay = false;
          take(positions, reply);
        });
  }

  private void take(Map<TopicPartition, Long> positions, Reply.@Nullable Fetched reply) {
    boolean failed = reply == null;
    if (reply != null) {
      for (Map.Entry<TopicPartition, Reply.Slice> entry : reply.partitions().entrySet()) {
        Reply.Slice slice = entry.getValue();
        Long from = positions.get(entry.getKey());
        if (from == null) {
          continue;
        }
        if (slice.error() == Errors.NONE ? slice.nextOffset() > from : isOutside(slice)) {
          buffer.put(entry.getKey(), new Buffered(from, slice));
        }
        failed |= slice.error() != Errors.NONE;
      }
    }
    if (failed) {
      long pause = backoff.nanos(failures++);
      notBefore = connection.now() + pause;
      connection.after(pause, connection::changed);
    } else {
      failures = 0;
    }
  }

  private static boolean isOutside(Reply.Slice slice) {
    return slice.error() == Errors.OFFSET_OUT_OF_RANGE;
  }

  /// What a poll may return now, or null.
  ///
  /// @throws OffsetOutOfRangeException if a position lies outside the log and nothing says where to
  ///   go from there
  @Nullable ConsumerRecords<byte[], byte[]> collect() {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
    Map<TopicPartition, OffsetAndMetadata> nextOffsets = new LinkedHashMap<>();
    int left = settings.recordsPerPollMax();
    for (TopicPartition partition : List.copyOf(buffer.keySet())) {
      Buffered buffered = buffer.get(partition);
      if (buffered == null || subscriptions.isPaused(partition)) {
        continue;
      }
      Long position = subscriptions.position(partition);
      if (position == null || position != buffered.next) {
        buffer.remove(partition);
        continue;
      }
      if (isOutside(buffered.slice)) {
        if (nextOffsets.isEmpty()) {
          buffer.remove(partition);
          outOfRange(partition, position);
        }
        continue;
      }
      if (left == 0) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> found = take(partition, buffered, left);
      left -= found.size();
      if (!found.isEmpty()) {
        records.put(partition, found);
      }
      if (buffered.next > position) {
        subscriptions.seek(partition, buffered.next);
        nextOffsets.put(partition, new OffsetAndMetadata(buffered.next, Optional.of(0), ""));
      }
    }
    return nextOffsets.isEmpty() ? null : new ConsumerRecords<>(records, nextOffsets);
  }

  private List<ConsumerRecord<byte[], byte[]>> take(
      TopicPartition partition, Buffered buffered, int max) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    List<StoredRecord> records = buffered.slice.records();
    while (found.size() < max) {
      if (buffered.taken == records.size()) {
        // behind the last record: control records and aborted ones are crossed
        buffered.next = buffered.slice.nextOffset();
        buffer.remove(partition);
        break;
      }
      StoredRecord record = records.get(buffered.taken++);
      found.add(record(partition, record));
      buffered.next = record.offset() + 1;
    }
    return found;
  }

  private void outOfRange(TopicPartition partition, long position) {
    if (subscriptions.defaultReset() == Subscriptions.Reset.NONE) {
      throw new OffsetOutOfRangeException(Map.of(partition, position));
    }
    subscriptions.reset(partition, subscriptions.defaultReset());
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, StoredRecord record) {
    Message message = record.message();
    Headers headers = new RecordHeaders();
    for (Message.HeaderField field : message.headers()) {
      headers.add(new RecordHeader(field.key(), copy(field.value())));
    }
    byte[] key = copy(message.key());
    byte[] value = copy(message.value());
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        record.offset(),
        message.timestamp(),
        TimestampType.CREATE_TIME,
        key == null ? ConsumerRecord.NULL_SIZE : key.length,
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        key,
        value,
        headers,
        Optional.of(0));
  }

  private static byte @Nullable [] copy(byte @Nullable [] bytes) {
    return bytes == null ? null : bytes.clone();
  }

  /// Drops what waits of partitions that are no longer held.
  void retain(Collection<TopicPartition> held) {
    buffer.keySet().retainAll(held);
  }

  /// Looks up where partitions begin that wait for a reset.
  void lookUpResets() {
    lookUp(Subscriptions.Reset.EARLIEST);
    lookUp(Subscriptions.Reset.LATEST);
  }

  private void lookUp(Subscriptions.Reset kind) {
    NavigableSet<TopicPartition> wanted = subscriptions.awaiting(kind);
    wanted.removeAll(listing);
    if (wanted.isEmpty()) {
      return;
    }
    listing.addAll(wanted);
    boolean latest = kind == Subscriptions.Reset.LATEST;
    connection.send(
        new Request.ListOffsets(wanted, latest, settings.committed()),
        settings.requestTimeout(),
        reply -> {
          Map<TopicPartition, Long> offsets = reply == null ? Map.of() : reply.offsets();
          for (TopicPartition partition : wanted) {
            Long offset = offsets.get(partition);
            if (offset == null) {
              connection.after(backoff.nanos(0), () -> lookUpAgain(partition));
              continue;
            }
            listing.remove(partition);
            if (subscriptions.isAwaiting(partition, kind)) {
              subscriptions.seek(partition, offset);
            }
          }
        });
  }

  private void lookUpAgain(TopicPartition partition) {
    listing.remove(partition);
    connection.changed();
  }
}
