package dev.gretchen.testkit.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A producer whose calls are noted: each with how it ended, records with what became of them.
final class Writer {

  private static final Duration SETTLES = Duration.ofMillis(100);

  private final Stage stage;
  private final String who;
  private final Producer<byte[], byte[]> producer;
  private final List<Sent> sent = new ArrayList<>();

  private static final class Sent {
    final String what;

    /// Told by the calling thread and by the producer's own.
    final List<String> told = new CopyOnWriteArrayList<>();

    @Nullable Future<RecordMetadata> future;

    Sent(String what) {
      this.what = what;
    }
  }

  Writer(Stage stage, String who, Producer<byte[], byte[]> producer) {
    this.stage = stage;
    this.who = who;
    this.producer = producer;
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  void init() {
    attempt("init", producer::initTransactions);
  }

  void begin() {
    attempt("begin", producer::beginTransaction);
  }

  void commit() {
    attempt("commit", producer::commitTransaction);
  }

  void abort() {
    attempt("abort", producer::abortTransaction);
  }

  /// Sends a record whose key and value are a text; notes only if the call itself fails.
  void send(TopicPartition partition, String text) {
    byte[] bytes = bytes(text);
    send(text, new ProducerRecord<>(partition.topic(), partition.partition(), null, bytes, bytes));
  }

  void send(String what, ProducerRecord<byte[], byte[]> record) {
    Sent entry = new Sent(what);
    sent.add(entry);
    String outcome =
        Stage.outcome(() ->
            entry.future =
                producer.send(
                    record,
                    (metadata, failure) ->
                        entry.told.add(
                            failure == null ? where(metadata) : Failures.name(failure))));
    if (!outcome.equals("done")) {
      entry.told.add("threw " + outcome);
    }
  }

  private static String where(RecordMetadata metadata) {
    return "partition " + metadata.partition() + " offset " + metadata.offset();
  }

  /// Waits until everything sent has its outcome, and notes it.
  ///
  /// A real producer tells a record's failure first and fails its transaction then, on another
  /// thread: it is given the time.
  void flush() {
    attempt("flush", producer::flush);
    outcomes();
    stage.sleep(SETTLES);
  }

  /// Notes what became of what was sent, as its callback and its future tell it; waits for the
  /// future.
  ///
  /// A producer that has failed refuses a record that it has collected already, and tells its
  /// failure a second time when its own thread clears it away. That has happened only after a
  /// [#flush()].
  void outcomes() {
    for (Sent entry : sent) {
      String future = future(entry);
      // after the future: a callback is called before its future ends
      String told = String.join(" and ", entry.told);
      stage.note(
          "%s sent %s: %s%s"
              .formatted(
                  who, entry.what, told, future.equals(told) ? "" : ", its future " + future));
    }
    sent.clear();
  }

  /// As [#outcomes()], where it is of chance whether a record was written and aborted, or aborted
  /// before it was written: notes that it ended in one of these ways, and anything else as it is.
  void endings() {
    for (Sent entry : sent) {
      String future = future(entry);
      boolean ended =
          future.startsWith("partition ") || future.equals("TransactionAbortedException");
      stage.note("%s sent %s: %s".formatted(who, entry.what, ended ? "ended" : future));
    }
    sent.clear();
  }

  /// As [#outcomes()], where it is of chance at which offset a record was written: notes that it
  /// was.
  void written() {
    for (Sent entry : sent) {
      String future = future(entry);
      stage.note(
          "%s sent %s: %s"
              .formatted(who, entry.what, future.startsWith("partition ") ? "written" : future));
    }
    sent.clear();
  }

  private static String future(Sent entry) {
    Future<RecordMetadata> future = entry.future;
    if (future == null) {
      return "none";
    }
    try {
      return where(future.get(Stage.BOUND.toSeconds(), TimeUnit.SECONDS));
    } catch (Exception thrown) {
      return Failures.name(thrown);
    }
  }

  /// Has offsets committed in the transaction.
  void offsets(
      String what, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    attempt("offsets " + what, () -> producer.sendOffsetsToTransaction(offsets, group));
  }

  /// Offsets for some partitions, alternating partition and offset.
  static Map<TopicPartition, OffsetAndMetadata> at(TopicPartition partition, long offset) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
    offsets.put(partition, new OffsetAndMetadata(offset));
    return offsets;
  }

  void close() {
    attempt("close", producer::close);
  }

  /// Closes it at once; an open transaction stays.
  void abandon() {
    try {
      producer.close(Duration.ZERO);
    } catch (KafkaException _) {
      // the script is over
    }
  }

  private void attempt(String what, Stage.Call call) {
    stage.attempt(who + " " + what, call);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
