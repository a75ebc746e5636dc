package dev.gretchen.testkit.conformance;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// What a producer is told whose transactional id somebody else has taken.
final class FencingScripts {

  private FencingScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("fencedIdle", stage -> fencedIdle(stage, false)),
        new Script("fencedOpen", stage -> fencedOpen(stage, false)),
        new Script("fencedByAdminIdle", stage -> fencedIdle(stage, true)),
        new Script("fencedByAdmin", stage -> fencedOpen(stage, true)),
        new Script("fencedInOffsets", FencingScripts::fencedInOffsets),
        new Script("fencedBack", FencingScripts::fencedBack),
        new Script("fenceUnknown", FencingScripts::fenceUnknown));
  }

  private static void fence(Stage stage, boolean byAdmin, String id) {
    if (byAdmin) {
      stage.attempt(
          "fence " + id,
          () -> Asking.get(stage.ask().admin().fenceProducers(List.of(stage.name(id))).all()));
    } else {
      stage.transactional("new " + id, id, Map.of()).init();
    }
  }

  /// Fenced between its transactions.
  private static void fencedIdle(Stage stage, boolean byAdmin) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer sends = stage.transactional("sends");
    Writer empty = stage.transactional("empty");
    fence(stage, byAdmin, "sends");
    fence(stage, byAdmin, "empty");
    sends.begin();
    sends.send(partition, "a");
    sends.flush();
    sends.commit();
    sends.abort();
    sends.begin();
    empty.begin();
    empty.commit();
    empty.begin();
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
  }

  /// Fenced in its transaction: one for each call that may be the next.
  private static void fencedOpen(Stage stage, boolean byAdmin) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    List<String> calls = List.of("send", "commit", "abort", "init");
    List<Writer> writers = calls.stream().map(stage::transactional).toList();
    for (Writer writer : writers) {
      writer.begin();
      writer.send(partition, "a");
      writer.flush();
    }
    calls.forEach(call -> fence(stage, byAdmin, call));
    stage.ask().awaitStable(partition);
    Writer sends = writers.get(0);
    sends.send(partition, "b");
    sends.flush();
    sends.send(partition, "c");
    sends.flush();
    writers.get(1).commit();
    writers.get(2).abort();
    writers.get(3).init();
    for (Writer writer : writers) {
      stage.note("and then");
      writer.commit();
      writer.abort();
      writer.begin();
      writer.send(partition, "d");
      writer.flush();
      writer.close();
    }
    stage.ask().awaitStable(partition);
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  private static void fencedInOffsets(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer writer = stage.transactional("T");
    fence(stage, true, "T");
    writer.begin();
    writer.offsets("after fencing", Writer.at(partition, 3), Metadata.unjoined(stage, "g"));
    writer.commit();
    writer.abort();
    stage.ask().committed("g", partition);
  }

  /// Who was fenced may come back as a new producer, and fences the other.
  private static void fencedBack(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer first = stage.transactional("first", "T", Map.of());
    Writer second = stage.transactional("second", "T", Map.of());
    first.init();
    first.begin();
    first.send(partition, "a");
    first.flush();
    second.init();
    second.begin();
    second.send(partition, "b");
    second.flush();
    first.commit();
    first.close();
    Writer third = stage.transactional("third", "T", Map.of());
    third.init();
    second.commit();
    third.begin();
    third.send(partition, "c");
    third.commit();
    third.outcomes();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  /// Fencing an id that nobody has used is no error.
  private static void fenceUnknown(Stage stage) {
    stage.topic("t", 1);
    fence(stage, true, "nobody");
    fence(stage, true, "nobody");
    Writer writer = stage.transactional("nobody");
    writer.begin();
    writer.send(stage.partition("t", 0), "a");
    writer.commit();
    writer.outcomes();
  }
}
