package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.Silences;
import dev.gretchen.verifier.check.Silences.Stretch;
import dev.gretchen.verifier.check.Takeovers;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.load.LoadPlan;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Sees every committed output at once, and keeps when, by the partition of input that it is of: a
/// record of `colors` is of the partition of `words` into which the load put its event; one of
/// `color-counts` is of the partition of `colors` with its own number. That needs nothing of the
/// app.
///
/// One thread reads; the rest is for any thread.
final class OutputMeter implements AutoCloseable {

  /// How long a calm stretch is, and how long after a fault a silence may begin that counts.
  static final Duration STRETCH = Duration.ofMillis(Takeovers.STRETCH_MILLIS);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(10);
  private static final Duration TOPIC_BOUND = Duration.ofSeconds(30);
  private static final Duration LOOK_FOR_TOPIC = Duration.ofSeconds(1);
  private static final String EVENT_ID = "event-id";
  private static final String WORDS = "words";
  private static final String COLORS = "colors";
  private static final String COUNTS = "color-counts";

  /// An output that is not later than this counts as caught up.
  private static final long USUAL_MILLIS = 1_000;

  private record Output(long at, long due) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String auditTopic;
  private final LoadPlan plan;
  private final LongSupplier loadStart;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<InputTask, List<Output>> outputs = new TreeMap<>(); // guarded by lock
  private final List<AuditEvent> audit = new ArrayList<>(); // guarded by lock
  private final Thread thread;
  private long counted; // guarded by lock
  private volatile @Nullable String failure;
  private volatile boolean closing;

  /// Begins to read.
  ///
  /// @param auditTopic empty where the app has none
  /// @param loadStart epoch milliseconds at which event 0 was due
  OutputMeter(
      Map<String, ?> connection,
      String auditTopic,
      LoadPlan plan,
      LongSupplier loadStart,
      InstantSource clock) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    this.consumer = new KafkaConsumer<>(settings);
    this.auditTopic = auditTopic;
    this.plan = plan;
    this.loadStart = loadStart;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("output-meter").daemon().start(this::read);
  }

  private void read() {
    try {
      List<TopicPartition> known = new ArrayList<>(await(COLORS));
      known.addAll(await(COUNTS));
      consumer.assign(known);
      consumer.seekToBeginning(known);
      boolean audited = auditTopic.isEmpty();
      long looked = System.nanoTime();
      while (!closing) {
        if (!audited && System.nanoTime() - looked > LOOK_FOR_TOPIC.toNanos()) {
          looked = System.nanoTime();
          List<TopicPartition> more = partitions(auditTopic);
          audited = !more.isEmpty();
          known.addAll(more);
          consumer.assign(known);
          consumer.seekToBeginning(more);
        }
        var records = consumer.poll(POLL);
        long now = clock.millis();
        lock.lock();
        try {
          records.forEach(record -> take(record, now));
        } finally {
          lock.unlock();
        }
      }
    } catch (InterruptedException _) {
      failure = "the reader of outputs was interrupted";
    } catch (RuntimeException cause) {
      failure = "the outputs cannot be read: " + cause;
    } finally {
      consumer.close();
    }
  }

  /// A topic made a moment ago may be unknown to the broker that is asked.
  private List<TopicPartition> await(String topic) throws InterruptedException {
    long deadline = System.nanoTime() + TOPIC_BOUND.toNanos();
    List<TopicPartition> found = partitions(topic);
    while (found.isEmpty() && !closing) {
      if (System.nanoTime() > deadline) {
        throw new KafkaException("topic " + topic + " does not appear");
      }
      Thread.sleep(POLL);
      found = partitions(topic);
    }
    return found;
  }

  private List<TopicPartition> partitions(String topic) {
    return consumer.listTopics().getOrDefault(topic, List.of()).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private void take(ConsumerRecord<byte[], byte[]> record, long now) {
    if (record.topic().equals(auditTopic)) {
      AuditEvent event = AuditEvent.decode(record.value());
      if (event != null) {
        audit.add(event);
      }
      return;
    }
    Header header = record.headers().lastHeader(EVENT_ID);
    long id =
        header == null || header.value().length != Long.BYTES
            ? 0
            : ByteBuffer.wrap(header.value()).getLong();
    long index = plan.indexOf(id);
    if (index < 0) {
      return;
    }
    boolean counts = record.topic().equals(COUNTS);
    counted += counts ? 1 : 0;
    InputTask task =
        counts
            ? new InputTask(COLORS, record.partition())
            : new InputTask(WORDS, plan.partitionOf(id));
    List<Output> own = outputs.computeIfAbsent(task, _ -> new ArrayList<>());
    // of those that are seen at the same time one tells it all
    if (own.isEmpty() || own.getLast().at() < now) {
      own.add(new Output(now, loadStart.getAsLong() + (long) plan.dueMillis(index)));
    }
  }

  /// How many updates were seen.
  long counted() {
    return locked(() -> counted);
  }

  /// When a task was last seen to have sent something, epoch milliseconds; 0 if never.
  long lastOutput(InputTask task) {
    return locked(() -> {
      List<Output> own = outputs.getOrDefault(task, List.of());
      return own.isEmpty() ? 0 : own.getLast().at();
    });
  }

  /// The tasks that have sent something so far.
  Set<InputTask> tasks() {
    return locked(() -> new HashSet<>(outputs.keySet()));
  }

  /// Fails where it cannot see any more.
  void require() {
    String why = failure;
    if (why != null) {
      throw new EnvironmentFailure(why);
    }
  }

  /// What a fault did, beside the calm stretch before it; milliseconds, see [TakeoverLine].
  record Seen(
      long silence,
      long usual,
      long others,
      long othersUsual,
      long replayed,
      Map<String, Long> phases) {}

  /// A fault, and the calm before it; epoch milliseconds.
  ///
  /// @param held what the worker had
  /// @param calmFrom when the calm began
  /// @param at when the fault took effect
  /// @param until a silence that begins later is not put down to it
  record Struck(String worker, Set<InputTask> held, long calmFrom, long at, long until) {}

  /// What was seen of a fault.
  Seen after(Struck struck) {
    return locked(() -> {
      Set<InputTask> held = struck.held();
      long calmFrom = struck.calmFrom();
      long at = struck.at();
      long calmUntil = Math.min(at, calmFrom + STRETCH.toMillis());
      Silences silences =
          new Silences(
              List.of(
                  new Stretch(calmFrom, calmUntil, at),
                  new Stretch(at, struck.until(), Long.MAX_VALUE)));
      Moment fault = new Moment("takeover", struck.worker(), at, 0, true);
      List<AuditEvent> told =
          audit.stream()
              .filter(event -> event.at() >= calmFrom)
              .sorted(Comparator.comparingLong(AuditEvent::at))
              .toList();
      Takeovers takeovers =
          new Takeovers(List.of(new Takeovers.Hit(fault, held)), told, calmFrom, USUAL_MILLIS);
      replay(
          calmFrom - STRETCH.toMillis(),
          (task, output) -> {
            // there is always work: the load is even, and never waits
            silences.output(task, output.at(), 0);
            takeovers.output(task, output.at(), output.due());
          });
      return new Seen(
          longest(silences.longest(1), held, true),
          longest(silences.longest(0), held, true),
          longest(silences.longest(1), held, false),
          longest(silences.longest(0), held, false),
          auditTopic.isEmpty() ? -1 : replayed(told, at),
          takeovers.aftermaths().getFirst().phases());
    });
  }

  private static long replayed(List<AuditEvent> told, long since) {
    return told.stream()
        .filter(event -> event.at() >= since && event.event().equals("running"))
        .mapToLong(event -> Math.max(0, event.recovered()))
        .sum();
  }

  private interface Sink {
    void take(InputTask task, Output output);
  }

  /// All outputs since a moment, in the order of time.
  private void replay(long since, Sink sink) {
    record Entry(InputTask task, Output output) {}
    List<Entry> entries = new ArrayList<>();
    outputs.forEach((task, own) -> {
      for (Output output : own.reversed()) {
        if (output.at() < since) {
          break;
        }
        entries.add(new Entry(task, output));
      }
    });
    entries.sort(Comparator.comparingLong(entry -> entry.output().at()));
    entries.forEach(entry -> sink.take(entry.task(), entry.output()));
  }

  private static long longest(Map<InputTask, Long> silences, Set<InputTask> held, boolean owned) {
    return silences.entrySet().stream()
        .filter(entry -> held.contains(entry.getKey()) == owned)
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  private <T> T locked(java.util.function.Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE_BOUND);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
