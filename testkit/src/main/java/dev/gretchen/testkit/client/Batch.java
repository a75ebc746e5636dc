package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Message;
import dev.gretchen.testkit.sim.SimulationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records for one partition that are sent together, and again together under the same sequence.
final class Batch {

  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  /// A record and who is told of it.
  record Entry(Message message, @Nullable Callback callback, SendFuture future) {

    private int keySize() {
      byte[] key = message.key();
      return key == null ? -1 : key.length;
    }

    private int valueSize() {
      byte[] value = message.value();
      return value == null ? -1 : value.length;
    }
  }

  final TopicPartition partition;

  /// Batches are numbered as they are made; the parts of one that was split have its number.
  final long number;

  final long createdNanos;
  final boolean isPart;
  private final List<Entry> entries = new ArrayList<>();
  private int bytes;
  private boolean done;

  ProducerIdentity identity = ProducerIdentity.NONE;
  int sequence = RecordBatch.NO_SEQUENCE;
  int attempts;
  boolean inRetry;
  boolean underWay;
  boolean sequenceWasReset;
  long notBeforeNanos;

  Batch(TopicPartition partition, long number, long createdNanos, boolean isPart) {
    this.partition = partition;
    this.number = number;
    this.createdNanos = createdNanos;
    this.isPart = isPart;
  }

  void add(Entry entry) {
    entries.add(entry);
    bytes += entry.message().size();
  }

  /// Whether a record fits; one always does.
  boolean hasRoom(Message message, int bytesMax) {
    return entries.isEmpty() || bytes + message.size() <= bytesMax;
  }

  int count() {
    return entries.size();
  }

  int bytes() {
    return bytes;
  }

  int lastSequence() {
    return sequence + entries.size() - 1;
  }

  boolean hasSequence() {
    return sequence != RecordBatch.NO_SEQUENCE;
  }

  boolean isDone() {
    return done;
  }

  List<Message> messages() {
    return entries.stream().map(Entry::message).toList();
  }

  void identify(ProducerIdentity as, int baseSequence) {
    identity = as;
    sequence = baseSequence;
  }

  void identifyAnew(ProducerIdentity as, int baseSequence) {
    identify(as, baseSequence);
    sequenceWasReset = true;
  }

  /// @param baseOffset -1 where the brokers no longer know it
  void complete(long baseOffset) {
    done = true;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      tell(entry, metadata(entry, baseOffset, i), null);
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      entry.future().complete(metadata(entry, baseOffset, i));
    }
  }

  /// @param cause by the record's place in the batch
  void fail(IntFunction<RuntimeException> cause) {
    done = true;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      tell(entry, unknown(partition), cause.apply(i));
    }
    for (int i = 0; i < entries.size(); i++) {
      entries.get(i).future().fail(cause.apply(i));
    }
  }

  private RecordMetadata metadata(Entry entry, long baseOffset, int index) {
    return new RecordMetadata(
        partition,
        baseOffset,
        baseOffset < 0 ? 0 : index,
        entry.message().timestamp(),
        entry.keySize(),
        entry.valueSize());
  }

  /// Where a record would have gone.
  static RecordMetadata unknown(TopicPartition partition) {
    return new RecordMetadata(partition, -1, -1, RecordBatch.NO_TIMESTAMP, -1, -1);
  }

  private static void tell(Entry entry, RecordMetadata metadata, @Nullable Exception cause) {
    Callback callback = entry.callback();
    if (callback == null) {
      return;
    }
    try {
      callback.onCompletion(metadata, cause);
    } catch (SimulationFailure failure) {
      throw failure;
    } catch (Exception fromCallback) {
      LOG.atError()
          .addKeyValue("cause", fromCallback.toString())
          .log("a producer's callback threw an exception");
    }
  }

  /// Parts of at most so many bytes each; they keep the sequence.
  List<Batch> split(int bytesMax) {
    done = true;
    List<Batch> parts = new ArrayList<>();
    Batch part = null;
    int next = sequence;
    for (Entry entry : entries) {
      if (part == null || !part.hasRoom(entry.message(), bytesMax)) {
        part = new Batch(partition, number, createdNanos, true);
        part.attempts = attempts;
        part.inRetry = true;
        if (hasSequence()) {
          part.identify(identity, next);
        }
        parts.add(part);
      }
      part.add(entry);
      next++;
    }
    return parts;
  }

  int largestRecordBytes() {
    return entries.stream().mapToInt(entry -> entry.message().size()).max().orElse(0);
  }
}
