package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// What an administrator is told of topics and groups.
final class AdminScripts {

  private AdminScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("topics", AdminScripts::topics),
        new Script("topicAgain", AdminScripts::topicAgain),
        new Script("groups", AdminScripts::groups),
        new Script("transactionStates", AdminScripts::transactionStates),
        new Script("ends", AdminScripts::ends));
  }

  private static void topics(Stage stage) {
    Admin admin = stage.ask().admin();
    stage.topic("t", 2);
    create(stage, "t", 2);
    create(stage, "zero", 0);
    create(stage, "not a name", 1);
    stage.attempt(
        "describe",
        () -> {
          TopicDescription description =
              Asking.get(
                  admin
                      .describeTopics(List.of(stage.name("t")))
                      .topicNameValues()
                      .get(stage.name("t")));
          stage.note(
              stage.plain(description.name())
                  + " has "
                  + description.partitions().size()
                  + " partitions, an id "
                  + (description.topicId() != null)
                  + ", internal "
                  + description.isInternal());
        });
    stage.attempt(
        "describe a missing one",
        () -> Asking.get(admin.describeTopics(List.of(stage.name("missing"))).allTopicNames()));
    stage.attempt(
        "delete a missing one",
        () -> Asking.get(admin.deleteTopics(List.of(stage.name("missing"))).all()));
    stage.attempt(
        "list",
        () -> {
          TreeSet<String> names = new TreeSet<>(Asking.get(admin.listTopics().names()));
          names.removeIf(name -> stage.plain(name).equals(name));
          stage.note("listed " + names.stream().map(stage::plain).toList());
        });
    stage.attempt(
        "offsets of a missing one",
        () ->
            Asking.get(
                admin
                    .listOffsets(
                        Map.of(stage.partition("missing", 0), OffsetSpec.latest()),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(500))
                    .all()));
  }

  private static void create(Stage stage, String base, int partitions) {
    stage.attempt(
        "create " + base,
        () ->
            Asking.get(
                stage
                    .ask()
                    .admin()
                    .createTopics(
                        List.of(
                            new NewTopic(
                                stage.name(base), Optional.of(partitions), Optional.empty())))
                    .all()));
  }

  /// A topic that is made again is another topic.
  private static void topicAgain(Stage stage) {
    stage.topic("t", 1);
    TopicPartition partition = stage.partition("t", 0);
    Writer before = stage.writer("P");
    before.send(partition, "a");
    before.send(partition, "b");
    before.flush();
    String id = id(stage);
    stage.attempt(
        "delete",
        () -> Asking.get(stage.ask().admin().deleteTopics(List.of(stage.name("t"))).all()));
    stage.until("a topic that is gone", () -> id(stage).equals("none"));
    stage.topic("t", 1);
    stage.note("the same id: " + id.equals(id(stage)));
    Writer after = stage.writer("Q");
    after.send(partition, "c");
    after.flush();
    stage.ask().log(partition);
    Reading.both(stage, partition);
  }

  private static String id(Stage stage) {
    String name = stage.name("t");
    String[] id = {"none"};
    String outcome =
        Stage.outcome(() ->
            id[0] =
                Asking.get(
                        stage
                            .ask()
                            .admin()
                            .describeTopics(List.of(name))
                            .topicNameValues()
                            .get(name))
                    .topicId()
                    .toString());
    return outcome.equals("done") ? id[0] : "none";
  }

  private static void groups(Stage stage) {
    Admin admin = stage.ask().admin();
    String nobody = stage.name("nobody");
    stage.attempt(
        "describe an unknown group",
        () ->
            stage.note(
                "state "
                    + Asking.get(
                            admin
                                .describeConsumerGroups(List.of(nobody))
                                .describedGroups()
                                .get(nobody))
                        .groupState()));
    stage.topic("t", 1);
    stage.note(
        "its offsets: " + stage.ask().offsets("nobody", true, List.of(stage.partition("t", 0))));
    stage.attempt(
        "all its offsets",
        () ->
            stage.note(
                "all "
                    + Asking.get(
                        admin.listConsumerGroupOffsets(nobody).partitionsToOffsetAndMetadata())));
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.offsets(
        "first", Writer.at(stage.partition("t", 0), 3), Metadata.unjoined(stage, "offsets"));
    writer.commit();
    stage.ask().awaitStable("offsets", stage.partition("t", 0));
    stage.ask().describe("offsets");
    stage.note(
        "all "
            + stage.plain(
                List.copyOf(
                    Asking.required(
                            admin
                                .listConsumerGroupOffsets(stage.name("offsets"))
                                .partitionsToOffsetAndMetadata())
                        .keySet())));
  }

  /// What is told of a transactional id in each stage of its transactions.
  private static void transactionStates(Stage stage) throws Exception {
    stage.topic("t", 2);
    TopicPartition partition = stage.partition("t", 0);
    stage.attempt("describe an unknown id", () -> noteTransaction(stage, "T"));
    Writer writer = stage.transactional("T");
    noteTransaction(stage, "T");
    writer.begin();
    noteTransaction(stage, "T");
    writer.send(partition, "a");
    writer.flush();
    noteTransaction(stage, "T");
    writer.commit();
    awaitEnd(stage, "T");
    noteTransaction(stage, "T");
    writer.begin();
    writer.send(stage.partition("t", 1), "b");
    writer.flush();
    noteTransaction(stage, "T");
    writer.abort();
    awaitEnd(stage, "T");
    noteTransaction(stage, "T");
    writer.begin();
    writer.offsets("alone", Writer.at(partition, 1), Metadata.unjoined(stage, "g"));
    noteTransaction(stage, "T");
    stage.attempt(
        "fence",
        () -> Asking.get(stage.ask().admin().fenceProducers(List.of(stage.name("T"))).all()));
    noteTransaction(stage, "T");
  }

  private static TransactionDescription transaction(Stage stage, String id) throws Exception {
    String name = stage.name(id);
    return Asking.get(stage.ask().admin().describeTransactions(List.of(name)).description(name));
  }

  private static void noteTransaction(Stage stage, String id) throws Exception {
    TransactionDescription told = transaction(stage, id);
    // a group's own partition joins a real transaction, too
    stage.note(
        "%s is %s, begun %s, in %s"
            .formatted(
                id,
                told.state(),
                told.transactionStartTimeMs().isPresent(),
                stage.plain(
                    told.topicPartitions().stream()
                        .filter(partition -> !partition.topic().startsWith("__"))
                        .toList())));
  }

  private static void awaitEnd(Stage stage, String id) {
    stage.until(
        "no transaction of " + id,
        () -> {
          try {
            return transaction(stage, id).state().toString().startsWith("Complete");
          } catch (Exception refused) {
            throw new IllegalStateException("transactions of " + id + " are not told", refused);
          }
        });
  }

  /// Ends as both kinds of readers have them, in each stage of a transaction.
  private static void ends(Stage stage) {
    stage.topic("t", 2);
    TopicPartition first = stage.partition("t", 0);
    TopicPartition second = stage.partition("t", 1);
    Writer writer = stage.transactional("T");
    stage.ask().log(first);
    writer.begin();
    stage.ask().log(first);
    writer.send(first, "a");
    writer.flush();
    stage.ask().log(first);
    writer.send(first, "b");
    writer.send(second, "c");
    writer.flush();
    stage.ask().log(first);
    stage.ask().log(second);
    writer.commit();
    stage.ask().awaitStable(first);
    stage.ask().awaitStable(second);
    stage.ask().log(first);
    stage.ask().log(second);
    stage.sleep(Duration.ofMillis(50));
    stage.ask().log(first);
  }
}
