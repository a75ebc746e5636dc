package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks agents, and takes what they answer.
///
/// A question leaves at once, outside any transaction, and names a call and a partition of the
/// app's reply topic. The agent's answer goes there as an effect of the question's event: seen
/// when that is committed, once. This worker reads its partition from the end that it found when it
/// began, before it asked anything, and by itself: no rebalance takes it away. Several workers may
/// have the same partition; each knows its own calls.
///
/// Threads: [#step] runs on the replies' thread, which alone touches the consumer; anybody asks.
public final class Replies implements Activity {

  /// The header with a call: sixteen bytes, unique.
  public static final String CALL = "gretchen-call";

  /// The header with the partition of the reply topic where its answer is waited for: four bytes.
  public static final String REPLY_TO = "gretchen-reply-to";

  /// Of the reply topic.
  public static final int PARTITIONS = 8;

  /// Questions of a worker that may wait for their answers.
  private static final int PENDING_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);
  private static final int MAX_BLOCK_MILLIS = 5_000;

  private final Surroundings surroundings;
  private final String clientId;
  private final TopicPartition mine;
  private final Producer<byte[], byte[]> producer;
  private final Monitor monitor;
  private final Map<ByteKey, Call> pending = new ConcurrentHashMap<>();
  private final long calls;
  private final AtomicLong called = new AtomicLong();
  private volatile boolean ready;
  private volatile boolean stopping;

  // confined to the replies' thread
  private @Nullable Consumer<byte[], byte[]> made;

  /// What is asked.
  @SuppressWarnings("ArrayRecordComponent")
  public record Question(byte[] key, byte[] value) {}

  /// A question that is waited for.
  private static final class Call {
    private byte @Nullable [] answer;
    private @Nullable Exception failure;
    private volatile boolean ended; // written last

    void end(byte @Nullable [] given, @Nullable Exception why) {
      answer = given;
      failure = why;
      ended = true;
    }
  }

  /// @param topic for replies, of [#PARTITIONS]
  public Replies(Surroundings surroundings, String topic, String clientId) {
    this.surroundings = surroundings;
    this.clientId = clientId;
    this.mine = new TopicPartition(topic, surroundings.random().nextInt(PARTITIONS));
    this.calls = surroundings.random().nextLong();
    this.monitor = surroundings.monitor();
    this.producer =
        surroundings
            .kafka()
            .producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG,
                    clientId + "-ask",
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    MAX_BLOCK_MILLIS));
  }

  /// Asks, and waits for all answers; from any thread, for at most a while.
  ///
  /// @param topic whose agent answers
  /// @param who named where it does not
  /// @return the answers in the order of the questions, null where the agent has none
  /// @throws NoAnswer if one of them has not come in time, or cannot come
  public List<byte @Nullable []> ask(
      String topic, String who, List<Question> questions, Duration within) {
    long until = surroundings.nanoTime() + within.toNanos();
    if (!monitor.await(() -> ready || stopping, within) || stopping) {
      throw new NoAnswer(who + " was not asked: this worker is not in touch with the brokers");
    }
    if (pending.size() + questions.size() > PENDING_MAX) {
      throw new NoAnswer(
          who
              + " was not asked: more than "
              + PENDING_MAX
              + " questions of this worker would wait for their answers; ask fewer at a time");
    }
    Map<ByteKey, Call> asked = new LinkedHashMap<>();
    try {
      for (Question question : questions) {
        // known before it is sent: no answer is too quick
        ByteKey id = nextId();
        Call call = new Call();
        asked.put(id, call);
        pending.put(id, call);
        send(topic, question, id, call);
      }
      List<byte @Nullable []> answers = new ArrayList<>();
      for (Call call : asked.values()) {
        answers.add(answer(call, who, until, within));
      }
      return answers;
    } finally {
      pending.keySet().removeAll(asked.keySet());
    }
  }

  private void send(String topic, Question question, ByteKey id, Call call) {
    Headers headers = new RecordHeaders();
    headers.add(CALL, id.bytes());
    headers.add(REPLY_TO, ByteBuffer.allocate(Integer.BYTES).putInt(mine.partition()).array());
    producer.send(
        new ProducerRecord<>(topic, null, null, question.key(), question.value(), headers),
        (_, failure) -> {
          if (failure != null) {
            call.end(null, failure);
            monitor.signal();
          }
        });
  }

  private byte @Nullable [] answer(Call call, String who, long until, Duration within) {
    Duration left = Duration.ofNanos(Math.max(0, until - surroundings.nanoTime()));
    if (!monitor.await(() -> call.ended || stopping, left) || !call.ended) {
      throw new NoAnswer(
          who
              + " has not answered within "
              + within
              + "; it may be busy, or its handler has failed, which the dead-letter topic would show. The question may still be handled");
    }
    if (call.failure != null) {
      throw new NoAnswer(who + " was not asked, the brokers refused the question: " + call.failure);
    }
    return call.answer;
  }

  private ByteKey nextId() {
    return new ByteKey(
        ByteBuffer.allocate(2 * Long.BYTES).putLong(calls).putLong(called.incrementAndGet()).array());
  }

  public void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    Consumer<byte[], byte[]> consumer = made;
    if (stopping) {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(CLOSE_BOUND));
      }
      producer.close(CLOSE_BOUND);
      return false;
    }
    if (consumer == null) {
      consumer = surroundings.kafka().consumer(settings());
      made = consumer;
    }
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
    } catch (KafkaException notNow) {
      LOG.atWarn().addKeyValue("cause", notNow.toString()).log("answers have to wait for the cluster");
      monitor.await(() -> stopping, LOOK_AGAIN);
    }
    return true;
  }

  private void take(ConsumerRecord<byte[], byte[]> reply) {
    Header id = reply.headers().lastHeader(CALL);
    Call call = id == null ? null : pending.get(new ByteKey(id.value()));
    if (call != null && !call.ended) {
      call.end(reply.value(), null);
      monitor.signal();
    }
  }

  private Map<String, Object> settings() {
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
