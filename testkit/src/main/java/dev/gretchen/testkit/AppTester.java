package dev.gretchen.testkit;

import dev.gretchen.engine.Answering;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.DeclaredTable;
import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.internal.task.DeadLetter;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.testkit.kafka.Message;
import dev.gretchen.testkit.sim.SimSurroundings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tests an app without a broker: one worker of the engine, all of its real code, on a simulated
/// Kafka in virtual time.
///
///     try (AppTester tester = AppTester.of(WordColors.app(palette))) {
///       tester.pipe("words", "k", "red");
///       assertThat(tester.read("colors")).extracting(TestRecord::value).containsExactly("red");
///     }
///
/// **Time** moves only while a method drives it, and costs next to nothing. [#pipe] only appends;
/// [#read], the reads of a [#table] and [#deadLetters] drive it until the app has handled and
/// committed everything that was piped; [#advance] drives it by a given duration, whatever the app
/// is at by then, so that [#crashAndRecover] after it strikes in the middle.
///
/// **Chance** descends from the seed of the [TesterOptions]: a test does the same each time.
///
/// **Handlers** run as they are. One that blocks outside the engine (a socket, a lock, a sleep)
/// would be woken by the world and not by the seed; it is found out and named. Give such an app
/// what it waits for as an argument, and a fake in its test.
///
/// Used by one thread, and to be closed: an event in the dead-letter topic that the test did not
/// look at makes [#close] fail.
public final class AppTester implements AutoCloseable {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final App app;
  private final Cluster cluster;
  private final Slot slot;
  private final Topology topology;
  private final Standing standing;
  private final Driver driver;
  private final Map<String, Topic<?, ?>> topics = new LinkedHashMap<>();
  private final Map<String, DeclaredTable<?, ?>> tables = new LinkedHashMap<>();
  private Instant now = SimSurroundings.BEGINNING;
  private long events;
  private boolean closed;

  private AppTester(App app, TesterOptions options) {
    this.app = app;
    this.cluster = new Cluster(options.seed(), options.partitions());
    this.slot = new Slot(app, cluster, options);
    this.topology = app.topology();
    this.standing = new Standing(topology, cluster, slot);
    this.driver = new Driver(app.name(), cluster.scheduler(), slot, standing);
    app.topics().forEach(topic -> topics.put(topic.name(), topic));
    app.tables().forEach(table -> tables.put(table.name(), table));
  }

  /// A tester with the standard options, its worker started.
  ///
  /// @throws RuntimeException with a sentence that says what keeps the app from starting
  public static AppTester of(App app) {
    return of(app, TesterOptions.standard());
  }

  /// As [#of(App)], with another seed.
  public static AppTester of(App app, long seed) {
    return of(app, TesterOptions.standard().withSeed(seed));
  }

  /// As [#of(App)], with chosen options.
  public static AppTester of(App app, TesterOptions options) {
    AppTester tester = new AppTester(app, options);
    try {
      tester.topics.keySet().forEach(tester.cluster::create);
      tester.driver.untilReady(tester.slot::start);
      return tester;
    } catch (RuntimeException cannotStart) {
      tester.driver.close();
      throw cannotStart;
    }
  }

  /// Appends an event to an input topic, with the timestamp [#now] and a fresh id. A topic that the
  /// app would find by a pattern comes into being with its first event. What is piped to the topic
  /// of a global table is in the worker's copy soon, and nothing waits for that: [#advance] some
  /// time.
  ///
  /// @param key null for none
  /// @param value null for a tombstone
  /// @throws IllegalArgumentException if no agent reads the topic, or key or value are not of its
  ///   types
  public AppTester pipe(String topic, @Nullable Object key, @Nullable Object value) {
    return pipe(topic, key, value, now);
  }

  /// As [#pipe(String, Object, Object)], with a timestamp of its own: event time, in any order.
  public AppTester pipe(
      String topic, @Nullable Object key, @Nullable Object value, Instant timestamp) {
    requireOpen();
    Topic<?, ?> declared = declared(topic);
    if (topology.agents(topic).isEmpty() && !topology.streams().isCopied(topic)) {
      throw new IllegalArgumentException(
          "no agent of app "
              + app.name()
              + " reads topic "
              + topic
              + ", so nothing would come of it; its inputs are "
              + topology.inputs());
    }
    if (timestamp.toEpochMilli() < 0) {
      throw new IllegalArgumentException(
          "topic " + topic + ": Kafka takes no timestamp before 1970, found " + timestamp);
    }
    if (topology.finds(topic) && cluster.partitionsOf(topic).isEmpty()) {
      cluster.create(topic);
    }
    byte[] keyBytes = codec(topic, "key", declared.keys()).encode(key);
    byte[] valueBytes = codec(topic, "value", declared.values()).encode(value);
    cluster.append(topic, keyBytes, valueBytes, timestamp.toEpochMilli(), ++events);
    return this;
  }

  /// As [#pipe(String, Object, Object)], with types that the compiler checks.
  public <K, V> AppTester pipe(Topic<K, V> topic, K key, V value) {
    return pipe(topic.name(), key, value, now);
  }

  /// As [#pipe(String, Object, Object, Instant)], with types that the compiler checks.
  public <K, V> AppTester pipe(Topic<K, V> topic, K key, V value, Instant timestamp) {
    return pipe(topic.name(), key, value, timestamp);
  }

  /// The records of a topic that were committed since its last read, once the app has handled
  /// everything that was piped. Those of a partition stand in their order; among partitions, what
  /// descends from the event that was piped first comes first. An app has no other order either:
  /// events of different keys overtake one another.
  ///
  /// @param <K> the type of the topic's keys: the caller's word, as with [Topic] it is the
  ///   compiler's
  /// @throws IllegalStateException if the app cannot get there, saying what is stuck
  public <K, V> List<TestRecord<K, V>> read(String topic) {
    @SuppressWarnings("unchecked") // as documented
    Topic<K, V> declared = (Topic<K, V>) declared(topic);
    return read(declared);
  }

  /// As [#read(String)], with types that the compiler checks.
  public <K, V> List<TestRecord<K, V>> read(Topic<K, V> topic) {
    requireOpen();
    declared(topic.name());
    driver.settle();
    TypedCodec<K> keys = codec(topic.name(), "key", topic.keys());
    TypedCodec<V> values = codec(topic.name(), "value", topic.values());
    List<TestRecord<K, V>> records = new ArrayList<>();
    for (Cluster.Located located : cluster.take(topic.name())) {
      Message message = located.record().message();
      records.add(
          new TestRecord<>(
              topic.name(),
              located.partition().partition(),
              located.record().offset(),
              keys.decode(message.key()),
              values.decode(message.value()),
              Instant.ofEpochMilli(message.timestamp()),
              headers(message)));
    }
    return records;
  }

  /// A table's committed state.
  ///
  /// @param <K> the type of its keys: the caller's word
  public <K, V> TestTable<K, V> table(String name) {
    requireOpen();
    DeclaredTable<?, ?> declared = tables.get(name);
    if (declared == null) {
      throw new IllegalArgumentException(
          "app "
              + app.name()
              + " declares no table "
              + name
              + "; its tables are "
              + tables.keySet());
    }
    @SuppressWarnings("unchecked") // as documented
    DeclaredTable<K, V> typed = (DeclaredTable<K, V>) declared;
    return table(typed);
  }

  /// As [#table(String)], with types that the compiler checks.
  public <K, V> TestTable<K, V> table(DeclaredTable<K, V> table) {
    return new TestTable<>(
        table,
        () -> {
          requireOpen();
          driver.settle();
          return standing.entries(table.name());
        });
  }

  /// The events that went to the dead-letter topic since the last look, once the app has handled
  /// everything that was piped.
  public List<DeadLetteredEvent> deadLetters() {
    requireOpen();
    driver.settle();
    return takeDeadLetters();
  }

  /// Asks an agent as whoever is no handler does ([dev.gretchen.engine.Worker#ask]), and waits for
  /// its answer for up to half a minute of virtual time.
  ///
  /// @return empty if the agent has no answer
  /// @throws NoAnswer if none has come, or cannot come
  public <K, V, R> Optional<R> ask(Answering<K, V, R> agent, K key, V value) {
    requireOpen();
    List<Optional<R>> answers = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    driver.untilDone(
        () ->
            slot.inWorker(
                worker -> answers.add(worker.ask(agent, key, value, ANSWER_MAX)),
                thrown -> {
                  if (thrown != null) {
                    failures.add(thrown);
                  }
                }),
        () -> !answers.isEmpty() || !failures.isEmpty(),
        "does not answer");
    if (!answers.isEmpty()) {
      return answers.getFirst();
    }
    if (failures.getFirst() instanceof NoAnswer none) {
      throw none;
    }
    throw new IllegalStateException(
        "agent " + agent.agent().name() + " cannot be asked: " + failures.getFirst(),
        failures.getFirst());
  }

  /// The event time of what is piped without a timestamp. It moves by [#advance] alone, so that a
  /// test does not depend on how long the engine takes.
  public Instant now() {
    return now;
  }

  /// Lets time pass, for the app and for [#now]. The app may be at anything afterwards: in the
  /// middle of a commit, or done long ago.
  ///
  /// @throws IllegalStateException if the worker fails meanwhile
  public AppTester advance(Duration duration) {
    requireOpen();
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time only advances, found " + duration);
    }
    driver.run(duration);
    now = now.plus(duration);
    return this;
  }

  /// `kill -9` of the worker at this moment; its disk keeps what was flushed. Then starts it again
  /// and waits until it has recovered its tables.
  public AppTester crashAndRecover() {
    requireOpen();
    driver.untilReady(() -> {
      slot.kill();
      slot.start();
    });
    return this;
  }

  /// As [#crashAndRecover], with an empty disk: the tables come from their changelogs alone.
  public AppTester wipeAndRecover() {
    requireOpen();
    driver.untilReady(() -> {
      slot.kill();
      slot.disk().wipe();
      slot.start();
    });
    return this;
  }

  /// Stops the worker in order: it drains, commits and leaves. Then starts it again and waits until
  /// it is ready.
  public AppTester restart() {
    requireOpen();
    driver.untilEnded(slot::stop);
    driver.untilReady(slot::start);
    return this;
  }

  /// Ends the worker.
  ///
  /// @throws IllegalStateException if events went to the dead-letter topic and the test did not
  ///   look at them
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    driver.close();
    List<DeadLetteredEvent> unseen = takeDeadLetters();
    if (!unseen.isEmpty()) {
      throw new IllegalStateException(
          "app "
              + app.name()
              + ": events went to the dead-letter topic ("
              + unseen.size()
              + ") and the test did not look at deadLetters(); the first is "
              + unseen.getFirst()
              + "\n"
              + unseen.getFirst().stack());
    }
  }

  private List<DeadLetteredEvent> takeDeadLetters() {
    List<DeadLetteredEvent> letters = new ArrayList<>();
    for (Cluster.Located located : cluster.take(topology.deadLetterTopic())) {
      Message message = located.record().message();
      Map<String, byte[]> headers = headers(message);
      String source = text(headers, DeadLetter.SOURCE);
      Topic<?, ?> topic =
          app.topic(source.substring(0, Math.max(0, source.lastIndexOf('-')))).orElse(null);
      letters.add(
          new DeadLetteredEvent(
              source,
              readable(topic == null ? null : topic.keys(), message.key()),
              readable(topic == null ? null : topic.values(), message.value()),
              text(headers, DeadLetter.REASON),
              text(headers, DeadLetter.STACK)));
    }
    return letters;
  }

  /// What the codec makes of bytes, or the bytes themselves: being undecodable is a reason to be
  /// there.
  private static @Nullable Object readable(@Nullable Codec<?> codec, byte @Nullable [] bytes) {
    if (codec == null || bytes == null) {
      return bytes;
    }
    try {
      return codec.decode(bytes);
    } catch (RuntimeException undecodable) {
      return bytes;
    }
  }

  private static String text(Map<String, byte[]> headers, String name) {
    return new String(headers.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> headers(Message message) {
    Map<String, byte[]> headers = new HashMap<>();
    for (Message.HeaderField field : message.headers()) {
      byte[] value = field.value();
      if (value != null) {
        headers.put(field.key(), value);
      }
    }
    return headers;
  }

  private static <T> TypedCodec<T> codec(String topic, String part, Codec<T> codec) {
    return new TypedCodec<>("topic " + topic + ": " + part, codec);
  }

  private Topic<?, ?> declared(String topic) {
    return app.topic(topic)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "app "
                    + app.name()
                    + " declares no topic "
                    + topic
                    + "; its topics are "
                    + topics.keySet()));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "this tester of app " + app.name() + " is closed; open another one");
    }
  }
}
