package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Committed offsets, with and without transactions: who may commit them, and when they are seen.
final class OffsetScripts {

  private static final int METADATA_MAX = 4_096;

  private OffsetScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("offsetsOfMember", OffsetScripts::ofMember),
        new Script("offsetsOfOthers", OffsetScripts::ofOthers),
        new Script("offsetsOfStatics", OffsetScripts::ofStatics),
        new Script("offsetsEmpty", OffsetScripts::empty),
        new Script("offsetsAborted", OffsetScripts::aborted),
        new Script("offsetsPending", OffsetScripts::pending),
        new Script("offsetsMetadata", OffsetScripts::metadata),
        new Script("offsetsOfMissing", OffsetScripts::ofMissing),
        new Script("offsetsMixed", OffsetScripts::mixed),
        new Script("offsetsRebalancing", OffsetScripts::rebalancing),
        new Script("offsetsPlain", OffsetScripts::plain),
        new Script("offsetsOfEvicted", OffsetScripts::ofEvicted));
  }

  private static Member settled(Stage stage, Member member) {
    stage.settle(member.subscribe("t"));
    return member;
  }

  private static void ofMember(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Member member = settled(stage, stage.member("A", "g", Map.of()));
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(partition, "a");
    writer.offsets("of member", Writer.at(partition, 1), member.metadata());
    stage.ask().committed("g", partition);
    writer.commit();
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
    ConsumerGroupMetadata before = member.metadata();
    member.consumer().enforceRebalance("for the next generation");
    stage.poll("the next generation", () -> member.generation() > before.generationId(), member);
    member.reportAll();
    writer.begin();
    writer.offsets("of old generation", Writer.at(partition, 5), before);
    writer.send(partition, "b");
    writer.commit();
    writer.abort();
    writer.begin();
    writer.offsets("of new generation", Writer.at(partition, 7), member.metadata());
    writer.commit();
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
  }

  private static void ofOthers(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Member member = settled(stage, stage.member("A", "g", Map.of()));
    Writer writer = stage.transactional("T");
    ConsumerGroupMetadata metadata = member.metadata();
    commits(stage, writer, partition, "of nobody", 1, Metadata.unjoined(stage, "g"));
    commits(
        stage,
        writer,
        partition,
        "of stranger",
        2,
        Metadata.stranger(stage, "g", metadata.generationId()));
    commits(
        stage,
        writer,
        partition,
        "of the future",
        3,
        Metadata.in(metadata, metadata.generationId() + 1));
    commits(stage, writer, partition, "of no generation", 4, Metadata.in(metadata, -1));
    commits(stage, writer, partition, "of nobody in no group", 5, Metadata.unjoined(stage, "h"));
    stage.ask().awaitStable("h", partition);
    stage.ask().committed("h", partition);
    commits(
        stage, writer, partition, "of stranger in no group", 6, Metadata.stranger(stage, "i", 1));
    stage.ask().committed("i", partition);
    stage.ask().describe("h");
  }

  /// One transaction with nothing but offsets, committed if it can be, aborted if not.
  private static void commits(
      Stage stage,
      Writer writer,
      TopicPartition partition,
      String what,
      long offset,
      ConsumerGroupMetadata metadata) {
    writer.begin();
    writer.offsets(what, Writer.at(partition, offset), metadata);
    String outcome = Stage.outcome(writer.producer()::commitTransaction);
    stage.note("its commit: " + outcome);
    if (!outcome.equals("done")) {
      writer.abort();
    }
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
  }

  private static void ofStatics(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Member old = settled(stage, stage.staticMember("A", "g", "one", Map.of()));
    ConsumerGroupMetadata before = old.metadata();
    Writer writer = stage.transactional("T");
    commits(stage, writer, partition, "of static member", 1, before);
    commits(stage, writer, partition, "of impostor", 2, Metadata.impostor(before));
    Member fresh = settled(stage, stage.staticMember("B", "g", "one", Map.of()));
    stage.note("generations apart: " + (fresh.generation() - before.generationId()));
    commits(stage, writer, partition, "of replaced member", 3, before);
    commits(stage, writer, partition, "of its replacement", 4, fresh.metadata());
  }

  private static void empty(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Member member = settled(stage, stage.member("A", "g", Map.of()));
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.send(partition, "a");
    writer.offsets(
        "none, of the future", Map.of(), Metadata.in(member.metadata(), member.generation() + 9));
    writer.commit();
    stage.ask().awaitStable(partition);
    Reading.both(stage, partition);
    stage.ask().committed("g", partition);
    writer.offsets("outside a transaction", Writer.at(partition, 1), member.metadata());
    writer.begin();
    writer.commit();
  }

  private static void aborted(Stage stage) {
    stage.topic("t", 2);
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    Writer writer = stage.transactional("T");
    ConsumerGroupMetadata nobody = Metadata.unjoined(stage, "g");
    writer.begin();
    writer.offsets("to commit", Writer.at(first, 3), nobody);
    writer.commit();
    stage.ask().awaitStable("g", first);
    writer.begin();
    writer.offsets("to abort", Writer.at(first, 5), nobody);
    writer.offsets("to abort, too", Writer.at(second, 6), nobody);
    writer.abort();
    stage.ask().awaitStable("g", first);
    stage.ask().awaitStable("g", second);
    stage.ask().committed("g", first, second);
    writer.begin();
    writer.offsets("once", Writer.at(first, 7), nobody);
    writer.offsets("twice", Writer.at(first, 4), nobody);
    writer.commit();
    stage.ask().awaitStable("g", first);
    stage.ask().committed("g", first, second);
  }

  /// Who asks for stable offsets gets none that a transaction may still change.
  private static void pending(Stage stage) {
    stage.topic("t", 2);
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    Writer one = stage.transactional("one");
    Writer two = stage.transactional("two");
    ConsumerGroupMetadata nobody = Metadata.unjoined(stage, "g");
    one.begin();
    one.offsets("first", Writer.at(first, 3), nobody);
    one.commit();
    stage.ask().awaitStable("g", first);
    one.begin();
    one.offsets("later", Writer.at(first, 5), nobody);
    stage.ask().committed("g", first, second);
    two.begin();
    two.offsets("of both", Writer.at(first, 4), nobody);
    two.offsets("of the second", Writer.at(second, 9), nobody);
    stage.ask().committed("g", first, second);
    committedByConsumer(stage, first, "read_committed");
    committedByConsumer(stage, first, "read_uncommitted");
    one.commit();
    two.abort();
    stage.ask().awaitStable("g", first);
    stage.ask().awaitStable("g", second);
    stage.ask().committed("g", first, second);
    committedByConsumer(stage, first, "read_committed");
    // who comes later in time wins
    one.begin();
    two.begin();
    one.offsets("early", Writer.at(second, 20), nobody);
    two.offsets("late", Writer.at(second, 10), nobody);
    two.commit();
    stage.until(
        "the offset of two", () -> stage.ask().offsets("g", false, List.of(second)).contains("10"));
    one.commit();
    stage.ask().awaitStable("g", second);
    stage.ask().committed("g", first, second);
  }

  private static void committedByConsumer(Stage stage, TopicPartition partition, String isolation) {
    try (Consumer<byte[], byte[]> consumer =
        stage.consumer(
            Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation,
                ConsumerConfig.GROUP_ID_CONFIG,
                stage.name("g")))) {
      stage.attempt(
          isolation + " consumer asks",
          () ->
              stage.note(
                  "committed "
                      + at(
                          consumer
                              .committed(Set.of(partition), Duration.ofMillis(300))
                              .get(partition))));
    }
  }

  private static String at(@Nullable OffsetAndMetadata offset) {
    return offset == null ? "none" : Long.toString(offset.offset());
  }

  private static void metadata(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    ConsumerGroupMetadata nobody = Metadata.unjoined(stage, "g");
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.offsets("with metadata", with(partition, 1, "some text"), nobody);
    writer.commit();
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
    writer.begin();
    writer.offsets("with the longest", with(partition, 2, "x".repeat(METADATA_MAX)), nobody);
    writer.commit();
    stage.ask().awaitStable("g", partition);
    writer.begin();
    writer.offsets("with more", with(partition, 3, "x".repeat(METADATA_MAX + 1)), nobody);
    writer.commit();
    writer.abort();
    writer.begin();
    stage.note(
        "longest kept: " + stage.ask().offsets("g", false, List.of(partition)).contains("=2 'xxx"));
    try (Consumer<byte[], byte[]> consumer =
        stage.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, stage.name("h")))) {
      consumer.assign(List.of(partition));
      stage.attempt(
          "plain with more",
          () -> consumer.commitSync(with(partition, 3, "x".repeat(METADATA_MAX + 1))));
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> with(
      TopicPartition partition, long offset, String metadata) {
    return Map.of(partition, new OffsetAndMetadata(offset, metadata));
  }

  /// Of a topic that is not there.
  private static void ofMissing(Stage stage) {
    TopicPartition missing = stage.partition("missing", 0);
    ConsumerGroupMetadata nobody = Metadata.unjoined(stage, "g");
    Writer writer = stage.transactional("T", "T", Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 500));
    writer.init();
    writer.begin();
    writer.offsets("of a missing topic", Writer.at(missing, 1), nobody);
    writer.abort();
    stage.ask().committed("g", missing);
    try (Consumer<byte[], byte[]> loner =
        stage.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, stage.name("g")))) {
      loner.assign(List.of(missing));
      stage.attempt(
          "loner commits", () -> loner.commitSync(Writer.at(missing, 2), Duration.ofMillis(500)));
      stage.note("it reads " + loner.poll(Duration.ofMillis(200)).count());
    }
  }

  /// One that is refused does not keep back the others.
  private static void mixed(Stage stage) {
    stage.topic("t", 2);
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    TopicPartition missing = stage.partition("missing", 0);
    try (Consumer<byte[], byte[]> loner =
        stage.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, stage.name("g")))) {
      loner.assign(List.of(first, second));
      stage.attempt(
          "one too long",
          () ->
              loner.commitSync(
                  Map.of(
                      first,
                      new OffsetAndMetadata(1),
                      second,
                      new OffsetAndMetadata(2, "x".repeat(METADATA_MAX + 1)))));
      stage.ask().committed("g", first, second);
      stage.attempt(
          "one missing",
          () ->
              loner.commitSync(
                  Map.of(first, new OffsetAndMetadata(3), missing, new OffsetAndMetadata(4)),
                  Duration.ofMillis(500)));
      stage.ask().committed("g", first, missing);
    }
  }

  /// While others are waited for, the old generation holds.
  private static void rebalancing(Stage stage) {
    stage.topic("t", 2);
    TopicPartition partition = stage.partition("t", 0);
    Member member = settled(stage, stage.staticMember("A", "g", "one", Map.of()));
    Member other = stage.staticMember("B", "g", "two", Map.of()).subscribe("t");
    stage.until(
        "a group that waits for A",
        () -> {
          other.poll();
          return stage.ask().group("g").groupState() == GroupState.PREPARING_REBALANCE;
        });
    Writer writer = stage.transactional("T");
    commits(stage, writer, partition, "of the old generation", 1, member.metadata());
    member.attempt("commits", () -> member.consumer().commitSync(Writer.at(partition, 2)));
    stage.ask().committed("g", partition);
    ConsumerGroupMetadata before = member.metadata();
    stage.poll(
        "a share for B", () -> other.owns(1) && Member.haveSettled(member, other), member, other);
    commits(stage, writer, partition, "of what is now old", 3, before);
    commits(stage, writer, partition, "of the one that does not own it", 4, other.metadata());
  }

  /// Without transactions: by a member, by a consumer that is in no group, and against each other.
  private static void plain(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    try (Consumer<byte[], byte[]> loner =
        stage.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, stage.name("g")))) {
      loner.assign(List.of(partition));
      stage.attempt("loner commits", () -> loner.commitSync(with(partition, 2, "early")));
      stage.ask().committed("g", partition);
      stage.ask().describe("g");
      Member member = settled(stage, stage.member("A", "g", Map.of()));
      member.report();
      member.attempt("position", () -> stage.note("at " + member.consumer().position(partition)));
      member.attempt("commits", () -> member.consumer().commitSync(with(partition, 3, "member")));
      stage.attempt("loner commits again", () -> loner.commitSync(with(partition, 4, "late")));
      stage.ask().committed("g", partition);
    }
  }

  /// A member that was removed is not heard any more.
  private static void ofEvicted(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Member member = settled(stage, stage.staticMember("A", "g", "one", Map.of()));
    ConsumerGroupMetadata before = member.metadata();
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.offsets("before", Writer.at(partition, 4), before);
    GroupScripts.evict(stage, "g", "one");
    writer.commit();
    stage.ask().awaitStable("g", partition);
    stage.ask().committed("g", partition);
    commits(stage, writer, partition, "after", 5, before);
    stage.ask().describe("g");
  }
}
