package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks agents, and takes what they answer.
///
/// **A question leaves at once**, outside any transaction: a handler that waits for the answer
/// would wait for ever, did the question wait for the handler. It names its call and a partition of
/// the app's reply topic. The agent's answer goes there as an effect of the question's event: seen
/// when that is committed, once. So a question may be asked twice, by a handler that is tried
/// again, and each asking has one answer.
///
/// **Answers find back** whatever the group does: this worker reads its partition by itself, as no
/// member of any group, from the end that it found before it asked anything. Several workers may
/// have the same partition; each knows its own calls. What nobody waits for any more is passed
/// over.
///
/// Nothing is opened before somebody asks.
///
/// **Threads.** [#step] runs on the replies' thread, which alone touches the consumer; anybody
/// asks, and waits on a monitor of his own.
public final class Replies implements Activity {

  /// Questions of a worker that may wait for their answers.
  static final int PENDING_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

  /// A question is asked late by no more than this, where its topic is not known yet.
  private static final int MAX_BLOCK_MILLIS = 1_000;

  private static final int REQUEST_MILLIS = 10_000;
  private static final int DELIVERY_MILLIS = 30_000;

  private final Surroundings surroundings;
  private final String clientId;
  private final Map<String, String> answering;
  private final TopicPartition mine;
  private final Monitor monitor;
  private final Map<ByteKey, Call> pending = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(PENDING_MAX);
  private final long calls;
  private final AtomicLong called = new AtomicLong();
  private volatile @Nullable Producer<byte[], byte[]> producer;
  private volatile boolean wanted;
  private volatile boolean ready;
  private volatile boolean stopping;

  // confined to the replies' thread
  private @Nullable Consumer<byte[], byte[]> made;
  private boolean outOfTouch;

  /// @param topic for replies, with [CallHeaders#PARTITIONS] or more
  /// @param answering topic of questions -> the agent that answers there
  public Replies(
      Surroundings surroundings, String topic, String clientId, Map<String, String> answering) {
    this.surroundings = surroundings;
    this.answering = answering;
    this.clientId = clientId;
    this.mine = new TopicPartition(topic, surroundings.random().nextInt(CallHeaders.PARTITIONS));
    this.calls = surroundings.random().nextLong();
    this.monitor = surroundings.monitor();
  }

  /// Asks, and waits for all answers; from any thread, for at most so long, and the moment that a
  /// question takes to leave.
  ///
  /// @param patience how the caller waits
  /// @return the answers in the order of the questions, null where the agent has none
  /// @throws NoAnswer if one of them has not come in time, or cannot come
  /// @throws IllegalArgumentException if the agent is of another app
  public List<byte @Nullable []> ask(
      Callee callee, List<Question> questions, Duration within, Patience patience) {
    if (!callee.agent().equals(answering.get(callee.topic()))) {
      throw new IllegalArgumentException(
          callee
              + " of topic "
              + callee.topic()
              + " does not answer in this app, whose agents that answer are "
              + answering.values()
              + "; an app asks agents of its own");
    }
    if (questions.isEmpty()) {
      return List.of();
    }
    if (!room.tryAcquire(questions.size())) {
      throw new NoAnswer(
          NoAnswer.Why.UNASKED,
          callee
              + " was not asked: with these "
              + questions.size()
              + " more than "
              + PENDING_MAX
              + " questions of this worker would wait for their answers; ask fewer at a time");
    }
    try {
      return new Asking(this, callee, within, patience).ask(questions);
    } finally {
      room.release(questions.size());
    }
  }

  /// Waits until questions can be asked.
  ///
  /// @return whether they can
  boolean awaitReady(Patience patience, Duration bound) {
    if (!wanted) {
      wanted = true;
      monitor.signal();
    }
    patience.await(monitor, () -> ready || stopping, bound);
    return ready && !stopping;
  }

  /// Sends a question, whose call is known from here on: no answer is too quick.
  void send(String topic, Question question, ByteKey id, Call call) {
    pending.put(id, call);
    Producer<byte[], byte[]> sender = producer;
    if (sender == null) {
      throw new IllegalStateException("questions are asked when there is a producer");
    }
    try {
      sender.send(
          new ProducerRecord<>(
              topic,
              null,
              null,
              question.key(),
              question.value(),
              CallHeaders.ofQuestion(id, mine.partition(), question.idempotencyKey())),
          (_, failure) -> {
            if (failure != null) {
              call.refused(failure.toString());
            }
          });
    } catch (KafkaException | IllegalStateException refused) {
      call.refused(refused.toString());
    }
  }

  /// Nobody waits for a call any more.
  void forget(ByteKey id) {
    pending.remove(id);
  }

  ByteKey nextId() {
    return new ByteKey(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(calls)
            .putLong(called.incrementAndGet())
            .array());
  }

  Surroundings surroundings() {
    return surroundings;
  }

  boolean isStopping() {
    return stopping;
  }

  /// Whoever waits is told so.
  public void stop() {
    stopping = true;
    monitor.signal();
    pending.values().forEach(Call::look);
  }

  @Override
  public boolean step() {
    if (stopping) {
      close();
      return false;
    }
    if (!wanted) {
      monitor.await(() -> wanted || stopping, LOOK_AGAIN);
      return true;
    }
    Consumer<byte[], byte[]> consumer = consumer();
    try {
      if (!ready) {
        consumer.assign(List.of(mine));
        consumer.seekToEnd(List.of(mine));
        consumer.position(mine);
        ready = true;
        monitor.signal();
      }
      for (ConsumerRecord<byte[], byte[]> reply : consumer.poll(POLL)) {
        take(reply);
      }
      outOfTouch = false;
    } catch (KafkaException notNow) {
      if (!outOfTouch) {
        outOfTouch = true;
        LOG.atWarn()
            .addKeyValue("cause", notNow.toString())
            .log("answers have to wait for the cluster");
      }
      monitor.await(() -> stopping, ASK_AGAIN);
    }
    return true;
  }

  private void take(ConsumerRecord<byte[], byte[]> reply) {
    ByteKey id = CallHeaders.call(reply.headers());
    Call call = id == null ? null : pending.get(id);
    if (call == null) {
      return;
    }
    String failure = CallHeaders.failure(reply.headers());
    if (failure == null) {
      call.answered(reply.value());
    } else {
      call.failed(failure);
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> consumer = made;
    if (consumer == null) {
      producer = surroundings.kafka().producer(producerSettings());
      consumer = surroundings.kafka().consumer(consumerSettings());
      made = consumer;
    }
    return consumer;
  }

  private void close() {
    Consumer<byte[], byte[]> consumer = made;
    if (consumer != null) {
      consumer.close(CloseOptions.timeout(CLOSE_BOUND));
    }
    Producer<byte[], byte[]> sender = producer;
    if (sender != null) {
      sender.close(CLOSE_BOUND);
    }
  }

  private Map<String, Object> producerSettings() {
    return Map.of(
        ProducerConfig.CLIENT_ID_CONFIG,
        clientId + "-ask",
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.LINGER_MS_CONFIG,
        0,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        MAX_BLOCK_MILLIS,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        REQUEST_MILLIS,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        DELIVERY_MILLIS);
  }

  private Map<String, Object> consumerSettings() {
    return Map.of(
        ConsumerConfig.CLIENT_ID_CONFIG,
        clientId + "-replies",
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed",
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false,
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "latest");
  }
}
