package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// A consumer in a group. Its callbacks go to a list of its own, since the order between members is
/// chance; a script notes the list when the group is at rest. What it reads goes to another, by
/// partition: a fetch is answered before a rebalance in one run and after it in the next.
final class Member implements ConsumerRebalanceListener {

  static final Map<String, Object> CONFIGURATION =
      Map.of(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName(),
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          6_000,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          100,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          10_000);

  private static final String ASSIGNED_NOTHING = "assigned []";
  private static final Duration POLL = Duration.ofMillis(20);

  private final Stage stage;
  private final String who;
  private final Consumer<byte[], byte[]> consumer;
  private final List<String> events = new ArrayList<>();
  private final TreeMap<String, List<Long>> reads = new TreeMap<>();
  private int assignedIn = -1;

  Member(Stage stage, String who, Consumer<byte[], byte[]> consumer) {
    this.stage = stage;
    this.who = who;
    this.consumer = consumer;
  }

  Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  Member subscribe(String... topics) {
    List<String> names = List.of(topics).stream().map(stage::name).toList();
    consumer.subscribe(names, this);
    return this;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    event("assigned", partitions);
    assignedIn = generation();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    event("revoked", partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    event("lost", partitions);
  }

  private void event(String what, Collection<TopicPartition> partitions) {
    events.add(
        "%s %s in generation %d, assignment %s"
            .formatted(
                what, stage.plain(partitions), generation(), stage.plain(consumer.assignment())));
  }

  void poll() {
    poll(POLL);
  }

  void poll(Duration time) {
    try {
      consumer
          .poll(time)
          .forEach(record ->
              reads
                  .computeIfAbsent(
                      stage.plain(new TopicPartition(record.topic(), record.partition())),
                      _ -> new ArrayList<>())
                  .add(record.offset()));
    } catch (KafkaException thrown) {
      String failed = "poll: " + Failures.name(thrown);
      // how often it is told depends on how often it is asked
      if (events.isEmpty() || !events.getLast().equals(failed)) {
        events.add(failed);
      }
    }
  }

  boolean hasFailed() {
    return !events.isEmpty() && events.getLast().startsWith("poll: ");
  }

  ConsumerGroupMetadata metadata() {
    return consumer.groupMetadata();
  }

  int generation() {
    return consumer.groupMetadata().generationId();
  }

  boolean owns(int partitions) {
    return consumer.assignment().size() == partitions;
  }

  static boolean haveSettled(Member... members) {
    TreeSet<Integer> generations = new TreeSet<>();
    for (Member member : members) {
      generations.add(member.generation());
      generations.add(member.assignedIn);
    }
    return generations.size() == 1 && generations.first() >= 0;
  }

  /// Notes what its callbacks were told since the last time, but for assignments of nothing: of two
  /// members that rebalance twice, the slower may miss the first.
  void report() {
    forgetNothings();
    reportAll();
  }

  void forgetNothings() {
    events.removeIf(event -> event.startsWith(ASSIGNED_NOTHING));
  }

  /// Notes everything that its callbacks were told since the last time.
  void reportAll() {
    reportClosed();
    stage.note(
        "%s owns %s in generation %d"
            .formatted(who, stage.plain(consumer.assignment()), generation()));
  }

  /// Notes what was taken from it and what it has, and not in how many generations: of three
  /// members, two may need another one to agree.
  void reportShares() {
    List<String> shares =
        events.stream()
            .filter(event -> !event.startsWith("assigned"))
            .map(event -> event.replaceFirst(" in generation .*", ""))
            .toList();
    events.clear();
    stage.note("%s %s, owns %s".formatted(who, shares, stage.plain(consumer.assignment())));
  }

  /// Makes a call of the consumer and notes how it ended.
  void attempt(String what, Stage.Call call) {
    stage.attempt(who + " " + what, call);
  }

  /// Notes what its callbacks were told, of a consumer that is closed.
  void reportClosed() {
    events.forEach(event -> stage.note(who + " " + event));
    events.clear();
    reads.forEach(
        (partition, offsets) -> stage.note(who + " read " + partition + " at " + offsets));
    reads.clear();
  }
}
