package dev.gretchen.testkit.conformance;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// What transactions leave in logs, and when it is seen.
final class TransactionScripts {

  private TransactionScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("commit", TransactionScripts::commit),
        new Script("abort", TransactionScripts::abort),
        new Script("open", TransactionScripts::open),
        new Script("interleaved", TransactionScripts::interleaved),
        new Script("empty", TransactionScripts::empty),
        new Script("wrongOrder", TransactionScripts::wrongOrder),
        new Script("closed", TransactionScripts::closed),
        new Script("abandoned", TransactionScripts::abandoned),
        new Script("timedOut", TransactionScripts::timedOut),
        new Script("timeoutTooLong", TransactionScripts::timeoutTooLong));
  }

  private static void commit(Stage stage) {
    stage.topic("t", 2);
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(first, "a");
    writer.send(first, "b");
    writer.send(second, "c");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(first);
    stage.ask().awaitStable(second);
    writer.begin();
    writer.send(first, "d");
    writer.flush();
    writer.send(first, "e");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(first);
    stage.ask().log(first);
    stage.ask().log(second);
    Reading.both(stage, first);
    Reading.both(stage, second);
  }

  private static void abort(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(partition, "a");
    writer.flush();
    writer.abort();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
    writer.begin();
    writer.send(partition, "b");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(partition);
    writer.begin();
    writer.send(partition, "c");
    writer.flush();
    writer.abort();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  /// An open transaction hides what comes after it, whoever wrote it.
  private static void open(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer plain = stage.writer("P");
    Writer writer = stage.transactional("T");
    plain.send(partition, "a");
    plain.flush();
    writer.begin();
    writer.send(partition, "b");
    writer.flush();
    plain.send(partition, "c");
    plain.flush();
    stage.ask().log(partition);
    Reading.both(stage, partition);
    Reading.ends(stage, partition);
    writer.commit();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  private static void interleaved(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer one = stage.transactional("one");
    Writer two = stage.transactional("two");
    one.begin();
    two.begin();
    one.send(partition, "a");
    one.flush();
    two.send(partition, "b");
    two.flush();
    one.send(partition, "c");
    one.flush();
    two.commit();
    stage.until(
        "the marker of two",
        () -> stage.ask().end(partition, IsolationLevel.READ_UNCOMMITTED) == 4);
    stage.ask().log(partition);
    Reading.both(stage, partition);
    one.abort();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  private static void empty(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.commit();
    writer.begin();
    writer.abort();
    stage.ask().log(partition);
    writer.begin();
    writer.send(partition, "a");
    writer.commit();
    writer.begin();
    writer.commit();
    writer.begin();
    writer.abort();
    writer.begin();
    writer.send(partition, "b");
    writer.flush();
    writer.abort();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  private static void wrongOrder(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T", "T", Map.of());
    writer.begin();
    writer.commit();
    writer.abort();
    writer.send(partition, "a");
    writer.outcomes();
    writer.init();
    writer.send(partition, "b");
    writer.outcomes();
    writer.commit();
    writer.abort();
    writer.begin();
    writer.begin();
    writer.send(partition, "c");
    writer.init();
    writer.commit();
    writer.outcomes();
    writer.init();
    writer.commit();
    writer.begin();
    writer.send(partition, "d");
    writer.commit();
    writer.outcomes();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  /// A producer that is closed aborts what it has open.
  private static void closed(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(partition, "a");
    writer.flush();
    writer.close();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  /// A successor ends what its predecessor has left open.
  private static void abandoned(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(partition, "a");
    writer.flush();
    writer.abandon();
    stage.ask().log(partition);
    Writer successor = stage.transactional("U", "T", Map.of());
    successor.init();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    successor.begin();
    successor.send(partition, "b");
    successor.commit();
    successor.outcomes();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  /// The coordinator aborts a transaction that lasts too long; its producer is told at the next
  /// call.
  private static void timedOut(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Map<String, Object> hasty = Map.of(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 500);
    Writer commits = stage.transactional("commits", "commits", hasty);
    Writer sends = stage.transactional("sends", "sends", hasty);
    Writer aborts = stage.transactional("aborts", "aborts", hasty);
    List<Writer> writers = List.of(commits, sends, aborts);
    for (Writer writer : writers) {
      writer.init();
      writer.begin();
      writer.send(partition, "a");
      writer.flush();
    }
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    commits.commit();
    sends.send(partition, "b");
    sends.flush();
    sends.commit();
    aborts.abort();
    for (Writer writer : writers) {
      writer.abort();
      writer.begin();
      writer.send(partition, "c");
      writer.commit();
      writer.outcomes();
      stage.ask().awaitStable(partition);
    }
    Reading.both(stage, partition);
  }

  /// A broker has a longest time.
  private static void timeoutTooLong(Stage stage) {
    Writer writer =
        stage.transactional("T", "T", Map.of(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 900_001));
    writer.init();
    writer.init();
    writer.begin();
  }
}
