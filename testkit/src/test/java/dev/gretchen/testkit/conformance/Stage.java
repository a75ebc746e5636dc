package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;

/// What a script has at hand while it is performed: clients whose calls are noted, names of its
/// own, and waiting.
final class Stage implements AutoCloseable {

  /// How long anything is waited for.
  static final Duration BOUND = Duration.ofSeconds(30);

  /// Begins the note of a wait that was too long.
  static final String IN_VAIN = "waited in vain for: ";

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final String script;
  private final World world;
  private final List<String> notes = new ArrayList<>();
  private final List<Runnable> closing = new ArrayList<>();
  private final Asking asking;

  /// A call of a client.
  @FunctionalInterface
  interface Call {
    void make() throws Exception;
  }

  Stage(String script, World world) {
    this.script = script;
    this.world = world;
    this.asking = new Asking(this, world.clients().admin(world.connection()));
    closing.add(asking::close);
  }

  World world() {
    return world;
  }

  /// Questions to the cluster.
  Asking ask() {
    return asking;
  }

  // observations

  void note(String line) {
    notes.add(line);
  }

  /// Makes a call and notes how it ended.
  void attempt(String what, Call call) {
    note(what + ": " + outcome(call));
  }

  static String outcome(Call call) {
    try {
      call.make();
      return "done";
    } catch (Exception thrown) {
      return Failures.name(thrown);
    }
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /// A name without what tells this script's names from others'.
  String plain(String name) {
    return name.startsWith(script + "-") ? name.substring(script.length() + 1) : name;
  }

  String plain(TopicPartition partition) {
    return plain(partition.topic()) + "/" + partition.partition();
  }

  String plain(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(this::plain)
        .sorted()
        .collect(Collectors.joining(", ", "[", "]"));
  }

  // names

  /// A name of this script's own.
  String name(String base) {
    return script + "-" + base;
  }

  TopicPartition partition(String base, int number) {
    return new TopicPartition(name(base), number);
  }

  /// Makes a topic.
  void topic(String base, int partitions) {
    topic(base, partitions, Map.of());
  }

  void topic(String base, int partitions, Map<String, String> configuration) {
    asking.create(base, partitions, configuration);
  }

  // clients

  /// A producer that is idempotent, without transactions, unless told otherwise.
  Writer writer(String who, Map<String, Object> extra) {
    Map<String, Object> configuration = new HashMap<>(world.connection());
    configuration.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    configuration.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    configuration.putAll(extra);
    Writer writer = new Writer(this, who, world.clients().producer(configuration));
    closing.add(writer::abandon);
    return writer;
  }

  Writer writer(String who) {
    return writer(who, Map.of());
  }

  /// A producer with transactions, not initialised yet.
  ///
  /// @param id the part of the transactional id that is the script's choice
  Writer transactional(String who, String id, Map<String, Object> extra) {
    Map<String, Object> configuration = new HashMap<>(extra);
    configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name(id));
    return writer(who, configuration);
  }

  /// A producer with transactions under its own name, initialised.
  Writer transactional(String who) {
    Writer writer = transactional(who, who, Map.of());
    writer.init();
    return writer;
  }

  /// A consumer; it commits nothing by itself.
  Consumer<byte[], byte[]> consumer(Map<String, Object> extra) {
    Map<String, Object> configuration = new HashMap<>(world.connection());
    configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    configuration.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    configuration.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
    configuration.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
    configuration.putAll(extra);
    Consumer<byte[], byte[]> consumer = world.clients().consumer(configuration);
    closing.add(() -> Closing.at(consumer));
    return consumer;
  }

  /// A member of a group, with CooperativeStickyAssignor.
  Member member(String who, String group, Map<String, Object> extra) {
    Map<String, Object> configuration = new HashMap<>(Member.CONFIGURATION);
    configuration.put(ConsumerConfig.GROUP_ID_CONFIG, name(group));
    // its member id begins so, and assignors go by the order of member ids
    configuration.put(ConsumerConfig.CLIENT_ID_CONFIG, name(who));
    configuration.putAll(extra);
    return new Member(this, who, consumer(configuration));
  }

  /// A static member under an instance id of the script's choice.
  Member staticMember(String who, String group, String instance, Map<String, Object> extra) {
    Map<String, Object> configuration = new HashMap<>(extra);
    configuration.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name(instance));
    return member(who, group, configuration);
  }

  // time

  void sleep(Duration time) {
    world.sleep(time);
  }

  /// Waits until a condition holds; notes if it never does.
  void until(String what, BooleanSupplier condition) {
    until(what, BOUND, condition);
  }

  void until(String what, Duration bound, BooleanSupplier condition) {
    long deadline = world.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (world.nanoTime() > deadline) {
        note(IN_VAIN + what);
        return;
      }
      world.sleep(BETWEEN_LOOKS);
    }
  }

  /// Has members poll in turns until a condition holds, and a while longer, for what may follow.
  void poll(String what, BooleanSupplier condition, Member... members) {
    until(
        what,
        () -> {
          List.of(members).forEach(Member::poll);
          return condition.getAsBoolean();
        });
    pollFor(Duration.ofMillis(300), members);
  }

  /// Has members poll in turns until each has been told its assignment in one common generation.
  void settle(Member... members) {
    poll("a common generation", () -> Member.haveSettled(members), members);
  }

  /// Has members poll in turns for a time.
  void pollFor(Duration time, Member... members) {
    long end = world.nanoTime() + time.toNanos();
    while (world.nanoTime() < end) {
      List.of(members).forEach(Member::poll);
      world.sleep(Duration.ofMillis(1));
    }
  }

  @Override
  public void close() {
    closing.reversed().forEach(Runnable::run);
  }
}
