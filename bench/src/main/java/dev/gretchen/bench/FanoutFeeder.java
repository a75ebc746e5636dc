package dev.gretchen.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringSerializer;

/// Posts at a rate that waits for nobody. Each post says when it was due: to the chat by the time
/// of its record, which the chat passes on, to the bare loop in the post itself. One thread.
final class FanoutFeeder implements AutoCloseable {

  private static final int USERS = 97;
  private static final long PAUSE_NANOS = 500_000;
  private static final String TEXT = "The quick brown fox jumps over the lazy dog, again and again";

  private final KafkaProducer<String, String> producer;
  private long number;

  FanoutFeeder(Map<String, ?> connection) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  /// Posts to rooms in turn.
  ///
  /// @return how many posts there were
  long feed(FanoutSide side, List<String> rooms, double perSecond, Duration length) {
    long count = Math.max(1, (long) (perSecond * length.toMillis() / 1_000));
    long startNanos = System.nanoTime();
    long startMillis = System.currentTimeMillis();
    for (long i = 0; i < count; i++) {
      long dueNanos = (long) (i * 1e9 / perSecond);
      while (System.nanoTime() - startNanos < dueNanos) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      String room = rooms.get((int) (i % rooms.size()));
      var _ = producer.send(post(side, room, startMillis + dueNanos / 1_000_000));
    }
    producer.flush();
    return count;
  }

  private ProducerRecord<String, String> post(FanoutSide side, String room, long at) {
    long id = ++number;
    String user = "poster-" + id % USERS;
    String key = side.isChat() ? user : room;
    String value =
        side.isChat()
            ? String.format(
                Locale.ROOT, "{\"type\":\"post\",\"room\":\"%s\",\"text\":\"%s\"}", room, TEXT)
            : String.format(
                Locale.ROOT,
                "{\"index\":%d,\"id\":\"%016x\",\"user\":\"%s\",\"text\":\"%s\",\"at\":%d}",
                id,
                id,
                user,
                TEXT,
                at);
    byte[] header = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    return new ProducerRecord<>(
        side.input(), null, at, key, value, List.of(new RecordHeader("event-id", header)));
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
