package dev.gretchen.verifier.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The line behind a load: after it, no event of the load is in doubt.
///
/// Once the driver's producer is closed, a marker is appended to each input partition. Requests
/// that were still under way then have either been appended before it or will be refused. The
/// barrier stands when on each partition the end for committed readers has reached the log's end
/// behind the marker. A marker carries no event id, and its value is in no palette, so an app drops
/// it as noise.
public final class Barrier {

  /// The value and key of a marker.
  public static final String MARKER = "gretchen-end-of-load";

  private static final Duration PAUSE = Duration.ofMillis(100);

  private Barrier() {}

  /// How it went.
  public sealed interface Result {}

  /// It stands.
  ///
  /// @param ends the end of each input partition, behind the marker
  public record Stood(Map<TopicPartition, Long> ends) implements Result {}

  /// It does not; some events may stay in doubt.
  public record Fell(String why) implements Result {}

  /// Raises the barrier; close the [LoadDriver] before. Blocks for at most the time-out.
  ///
  /// @param timestamp of the markers, epoch milliseconds: that of the load's last event, since a
  ///   later one would make time pass in windows
  public static Result raise(
      Map<String, Object> clientConfig,
      String topic,
      int partitions,
      long timestamp,
      Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      Map<TopicPartition, Long> markers =
          append(clientConfig, topic, partitions, timestamp, timeout);
      try (Admin admin = Admin.create(new HashMap<>(clientConfig))) {
        while (System.nanoTime() < deadline) {
          Map<TopicPartition, Long> ends = ends(admin, markers, IsolationLevel.READ_UNCOMMITTED);
          Map<TopicPartition, Long> stable = ends(admin, markers, IsolationLevel.READ_COMMITTED);
          if (stable.equals(ends)
              && markers.entrySet().stream()
                  .allMatch(m -> ends.getOrDefault(m.getKey(), -1L) > m.getValue())) {
            return new Stood(ends);
          }
          Thread.sleep(PAUSE);
        }
      }
      return new Fell("the input's end for committed readers stays behind the log's end");
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return new Fell("the markers behind the load could not be written or read: " + e);
    }
  }

  private static Map<TopicPartition, Long> append(
      Map<String, Object> clientConfig,
      String topic,
      int partitions,
      long timestamp,
      Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    byte[] marker = MARKER.getBytes(StandardCharsets.UTF_8);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    var producer = new KafkaProducer<byte[], byte[]>(LoadDriver.config(clientConfig));
    try {
      List<Future<RecordMetadata>> sends = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        sends.add(producer.send(new ProducerRecord<>(topic, p, timestamp, marker, marker)));
      }
      for (Future<RecordMetadata> send : sends) {
        RecordMetadata metadata = send.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        offsets.put(new TopicPartition(topic, metadata.partition()), metadata.offset());
      }
    } finally {
      producer.close(PAUSE);
    }
    return offsets;
  }

  private static Map<TopicPartition, Long> ends(
      Admin admin, Map<TopicPartition, Long> markers, IsolationLevel isolation)
      throws InterruptedException, ExecutionException {
    var specs =
        markers.keySet().stream().collect(Collectors.toMap(tp -> tp, _ -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(specs, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .forEach((tp, result) -> ends.put(tp, result.offset()));
    return ends;
  }
}
