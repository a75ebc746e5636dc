package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// Where readers stand, and what they are told where there is nothing to read.
final class ReadScripts {

  private static final Duration POLL = Duration.ofMillis(50);

  private ReadScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("resetNone", ReadScripts::resetNone),
        new Script("resetLatest", ReadScripts::resetLatest),
        new Script("outOfRange", ReadScripts::outOfRange),
        new Script("deleted", ReadScripts::deleted),
        new Script("seeks", ReadScripts::seeks),
        new Script("pauses", ReadScripts::pauses),
        new Script("fewAtOnce", ReadScripts::fewAtOnce),
        new Script("misuse", ReadScripts::misuse));
  }

  private static TopicPartition filled(Stage stage, int records) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.writer("P");
    for (int i = 0; i < records; i++) {
      writer.send(partition, "v" + i);
    }
    writer.flush();
    return partition;
  }

  private static Consumer<byte[], byte[]> reader(Stage stage, String reset) {
    return stage.consumer(
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            reset,
            ConsumerConfig.GROUP_ID_CONFIG,
            stage.name("g")));
  }

  /// Polls until something is read or thrown, and notes it.
  private static void read(Stage stage, String what, Consumer<byte[], byte[]> consumer) {
    stage.attempt(
        what,
        () -> {
          List<Long> offsets = new ArrayList<>();
          stage.until(
              what,
              () -> {
                consumer.poll(POLL).forEach(record -> offsets.add(record.offset()));
                return !offsets.isEmpty();
              });
          stage.note("read " + offsets);
        });
  }

  private static void position(
      Stage stage, String what, Consumer<byte[], byte[]> consumer, TopicPartition partition) {
    stage.attempt(
        what, () -> stage.note("position " + consumer.position(partition, Duration.ofSeconds(5))));
  }

  private static void resetNone(Stage stage) {
    TopicPartition partition = filled(stage, 2);
    Consumer<byte[], byte[]> consumer = reader(stage, "none");
    consumer.assign(List.of(partition));
    read(stage, "without an offset", consumer);
    position(stage, "without an offset", consumer, partition);
    consumer.seek(partition, 1);
    read(stage, "after a seek", consumer);
    consumer.commitSync(Writer.at(partition, 1));
    Consumer<byte[], byte[]> next = reader(stage, "none");
    next.assign(List.of(partition));
    read(stage, "with an offset", next);
    Member member = stage.member("A", "h", Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"));
    member.subscribe("t");
    stage.until(
        "a failure",
        () -> {
          member.poll();
          return member.hasFailed();
        });
    member.report();
  }

  private static void resetLatest(Stage stage) {
    TopicPartition partition = filled(stage, 2);
    Consumer<byte[], byte[]> consumer = reader(stage, "latest");
    consumer.assign(List.of(partition));
    position(stage, "at first", consumer, partition);
    consumer.seekToBeginning(List.of(partition));
    position(stage, "at the beginning", consumer, partition);
    consumer.seekToEnd(List.of(partition));
    position(stage, "at the end", consumer, partition);
    consumer.seek(partition, 99);
    position(stage, "beyond the end", consumer, partition);
    stage.until(
        "a reset",
        () -> {
          consumer.poll(POLL);
          return consumer.position(partition) == 2;
        });
    position(stage, "after the reset", consumer, partition);
  }

  private static void outOfRange(Stage stage) {
    TopicPartition partition = filled(stage, 3);
    stage.attempt("delete", () -> delete(stage, partition, 1));
    Consumer<byte[], byte[]> none = reader(stage, "none");
    none.assign(List.of(partition));
    none.seek(partition, 0);
    read(stage, "before the start", none);
    read(stage, "before the start, again", none);
    none.seek(partition, 7);
    read(stage, "beyond the end", none);
    position(stage, "there", none, partition);
    none.seek(partition, 2);
    read(stage, "within", none);
    Consumer<byte[], byte[]> earliest = reader(stage, "earliest");
    earliest.assign(List.of(partition));
    earliest.seek(partition, 7);
    read(stage, "reset to the start", earliest);
    none.seek(partition, 3);
    stage.note("at the end: " + none.poll(POLL).count());
  }

  private static void delete(Stage stage, TopicPartition partition, long before) throws Exception {
    stage.note(
        "start now "
            + Asking.get(
                    stage
                        .ask()
                        .admin()
                        .deleteRecords(
                            Map.of(partition, RecordsToDelete.beforeOffset(before)),
                            new DeleteRecordsOptions().timeoutMs(1_000))
                        .lowWatermarks()
                        .get(partition))
                .lowWatermark());
  }

  private static void deleted(Stage stage) {
    TopicPartition partition = filled(stage, 4);
    stage.attempt("delete two", () -> delete(stage, partition, 2));
    stage.ask().log(partition);
    Reading.both(stage, partition);
    stage.attempt("delete one", () -> delete(stage, partition, 1));
    stage.attempt("delete too many", () -> delete(stage, partition, 9));
    stage.ask().log(partition);
    stage.attempt("delete all", () -> delete(stage, partition, -1));
    stage.ask().log(partition);
    Writer writer = stage.writer("Q");
    writer.send(partition, "new");
    writer.flush();
    stage.ask().log(partition);
    Reading.both(stage, partition);
    stage.attempt(
        "delete of a missing topic", () -> delete(stage, stage.partition("missing", 0), 1));
  }

  private static void seeks(Stage stage) {
    TopicPartition partition = filled(stage, 3);
    Consumer<byte[], byte[]> consumer = reader(stage, "earliest");
    consumer.assign(List.of(partition));
    consumer.seek(partition, 2);
    read(stage, "at two", consumer);
    consumer.seek(partition, 1);
    read(stage, "at one", consumer);
    stage.attempt("seek below zero", () -> consumer.seek(partition, -1));
    stage.note("beginning " + new TreeMap<>(Map.of("t", offset(consumer, partition, true))));
    stage.note("end " + new TreeMap<>(Map.of("t", offset(consumer, partition, false))));
    stage.attempt("commit of the position", () -> consumer.commitSync());
    stage.ask().committed("g", partition);
  }

  private static long offset(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, boolean isBeginning) {
    Map<TopicPartition, Long> offsets =
        isBeginning
            ? consumer.beginningOffsets(List.of(partition))
            : consumer.endOffsets(List.of(partition));
    return offsets.getOrDefault(partition, -1L);
  }

  private static void pauses(Stage stage) {
    TopicPartition partition = filled(stage, 3);
    Consumer<byte[], byte[]> consumer = reader(stage, "earliest");
    consumer.assign(List.of(partition));
    consumer.pause(List.of(partition));
    int read = 0;
    for (int i = 0; i < 5; i++) {
      read += consumer.poll(POLL).count();
    }
    stage.note("paused, it reads " + read + ", paused are " + stage.plain(consumer.paused()));
    consumer.seek(partition, 1);
    consumer.resume(List.of(partition));
    read(stage, "resumed", consumer);
    consumer.pause(List.of(partition));
    consumer.assign(List.of(partition));
    stage.note("assigned again, paused are " + stage.plain(consumer.paused()));
  }

  private static void fewAtOnce(Stage stage) {
    TopicPartition partition = filled(stage, 5);
    Consumer<byte[], byte[]> consumer =
        stage.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2));
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    stage.until(
        "all five",
        () -> {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          if (!records.isEmpty()) {
            stage.note(
                "%d records, position %d, next %d"
                    .formatted(
                        records.count(),
                        consumer.position(partition),
                        records.nextOffsets().getOrDefault(partition, Missing.OFFSET).offset()));
          }
          return consumer.position(partition) == 5;
        });
    consumer.poll(POLL);
  }

  private static void misuse(Stage stage) {
    TopicPartition partition = filled(stage, 1);
    Consumer<byte[], byte[]> consumer = stage.consumer(Map.of());
    stage.attempt("poll of nothing", () -> consumer.poll(POLL));
    stage.attempt("subscribe without a group", () -> consumer.subscribe(List.of("t")));
    stage.attempt("position of nothing", () -> consumer.position(partition));
    consumer.assign(List.of(partition));
    stage.attempt("commit without a group", () -> consumer.commitSync(Writer.at(partition, 1)));
    stage.attempt("metadata without a group", consumer::groupMetadata);
    consumer.close();
    stage.attempt("poll of a closed consumer", () -> consumer.poll(POLL));
    stage.attempt("close again", () -> consumer.close());
    Consumer<byte[], byte[]> other = reader(stage, "earliest");
    other.assign(List.of(partition));
    stage.attempt("subscribe after assign", () -> other.subscribe(List.of(stage.name("t"))));
  }
}
