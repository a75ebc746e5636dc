package dev.gretchen.testkit;

import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.SimKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/// How far the app is, seen from outside: by its committed offsets, its group and its stores.
final class Standing {

  private final Topology topology;
  private final Cluster cluster;
  private final SimKafka kafka;
  private final Slot slot;

  Standing(Topology topology, Cluster cluster, Slot slot) {
    this.topology = topology;
    this.cluster = cluster;
    this.kafka = cluster.kafka();
    this.slot = slot;
  }

  /// Whether everything is handled, committed and in the tables, so that nothing more will come of
  /// itself, but for timers.
  ///
  /// @param millis by the worker's clock: what timers were to do until then is done
  boolean isSettled(long millis) {
    return kafka.isQuiet()
        && lag().isEmpty()
        && timersHaveFired(millis)
        && isReady()
        && storesAreComplete()
        && windowsAreClosed();
  }

  private boolean windowsAreClosed() {
    HttpSurface surface = slot.surface();
    return surface != null && surface.isSettled();
  }

  private boolean timersHaveFired(long millis) {
    if (!topology.hasTimers()) {
      return true;
    }
    long from = Math.max(0, committed(topology.leaderSeat().input()));
    return topology.timers().stream().noneMatch(timer -> timer.next(from) <= millis);
  }

  /// Whether the worker is the group's member and its tables are recovered.
  boolean isReady() {
    HttpSurface surface = slot.surface();
    if (surface == null || !surface.isAlive()) {
      return false;
    }
    Reply.GroupState group = group();
    if (!group.state().equals("Stable") || group.members().size() != 1) {
      return false;
    }
    long running =
        surface.tables().stream().filter(table -> table.state().equals("running")).count();
    return running == tablePartitions().size();
  }

  private boolean storesAreComplete() {
    HttpSurface surface = slot.surface();
    return surface != null
        && tablePartitions().stream().allMatch(table -> isComplete(surface, table));
  }

  private boolean isComplete(HttpSurface surface, TopicPartition table) {
    try (HttpSurface.OpenTable open = surface.open(table.topic(), table.partition()).orElse(null)) {
      TopicPartition changelog =
          new TopicPartition(topology.changelog(table.topic()), table.partition());
      return open != null && !kafka.hasCommittedFrom(changelog, open.snapshot().position().next());
    }
  }

  /// The entries of a table in the worker's stores.
  List<TestTable.Entry> entries(String table) {
    List<TestTable.Entry> entries = new ArrayList<>();
    HttpSurface surface = slot.surface();
    if (surface == null) {
      return entries;
    }
    for (TopicPartition each : tablePartitions()) {
      if (each.topic().equals(table)) {
        try (HttpSurface.OpenTable open = surface.open(table, each.partition()).orElse(null)) {
          if (open != null) {
            open.snapshot()
                .forEach(
                    (key, value) -> entries.add(new TestTable.Entry(each.partition(), key, value)));
          }
        }
      }
    }
    return entries;
  }

  private List<TopicPartition> tablePartitions() {
    List<TopicPartition> all = new ArrayList<>();
    topology
        .tablesByTopic()
        .forEach((input, tables) ->
            tables.forEach(table ->
                cluster
                    .partitionsOf(input)
                    .forEach(partition ->
                        all.add(new TopicPartition(table.name(), partition.partition())))));
    return all;
  }

  /// The input partitions with events that are not committed yet.
  private List<TopicPartition> lag() {
    return inputs().stream()
        .filter(input -> kafka.hasCommittedFrom(input, committed(input)))
        .toList();
  }

  private List<TopicPartition> inputs() {
    return Stream.concat(
            topology.inputs().stream()
                .filter(topic -> !topic.equals(topology.leaderSeat().topic())),
            kafka.topics().keySet().stream().filter(topology::finds))
        .flatMap(topic -> cluster.partitionsOf(topic).stream())
        .toList();
  }

  private long committed(TopicPartition input) {
    return Math.max(0, kafka.committedOffset(topology.app(), input));
  }

  /// The sum of the committed input offsets: while it rises, the app gets on.
  long committed() {
    return inputs().stream().mapToLong(this::committed).sum();
  }

  /// The sum of the input topics' ends: what rises here was piped, or the app sent it to itself.
  long ends() {
    return inputs().stream().mapToLong(kafka::end).sum();
  }

  private Reply.GroupState group() {
    return kafka.describeGroup(topology.app());
  }

  /// What is not as it should be, in words.
  String text() {
    List<String> sentences = new ArrayList<>();
    for (TopicPartition input : lag()) {
      long from = committed(input);
      sentences.add(
          input + " waits at offset " + from + ", events: " + kafka.committed(input, from).size());
    }
    sentences.add("group " + group().state() + ", members: " + group().members().size());
    HttpSurface surface = slot.surface();
    if (surface == null) {
      sentences.add("no worker runs");
    } else {
      if (!surface.isSettled()) {
        sentences.add("windows are not closed yet, or their effects not committed");
      }
      surface.tables().stream()
          .filter(table -> !table.state().equals("running"))
          .forEach(table ->
              sentences.add(
                  "table " + table.table() + "-" + table.partition() + " is " + table.state()));
    }
    return String.join("; ", sentences);
  }
}
