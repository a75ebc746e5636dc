package dev.gretchen.testkit.client;

import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/// A group's member that polls for ever, and writes down what its listener is told.
final class Member implements ConsumerRebalanceListener {

  final SimCluster cluster;
  final SimProcess process;
  final Consumer<byte[], byte[]> consumer;

  /// Such as `assigned [t-0] in 3`: the generation is that of the metadata inside the callback.
  final List<String> told = new ArrayList<>();

  /// What is done inside of callbacks that take partitions away.
  Runnable onLoss = () -> {};

  final List<Throwable> thrown = new ArrayList<>();
  private final Collection<TopicPartition> held = Partitions.none();
  private CloseOptions closing = CloseOptions.timeout(Duration.ofSeconds(5));
  private boolean ends;
  private boolean ended;

  Member(SimCluster cluster, String name, Map<String, Object> more) {
    this.cluster = cluster;
    this.process = cluster.process(name);
    this.consumer = cluster.member(process, more);
    cluster.scheduler.start(
        process,
        "poll",
        this::poll,
        failure -> {
          ended = true;
          if (failure != null) {
            thrown.add(failure);
          }
        });
  }

  private void poll() {
    consumer.subscribe(List.of("t"), this);
    while (!ends) {
      consumer.poll(Duration.ofMillis(50));
    }
    consumer.close(closing);
  }

  /// Closes the consumer, in its own fiber.
  void close(CloseOptions options) {
    closing = options;
    ends = true;
    cluster.scheduler.run(() -> ended, Duration.ofSeconds(10));
  }

  /// What it holds, by what it was told.
  Collection<TopicPartition> held() {
    return held;
  }

  private void tell(String what, Collection<TopicPartition> partitions) {
    told.add(what + " " + partitions + " in " + consumer.groupMetadata().generationId());
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    tell("assigned", partitions);
    held.addAll(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    tell("revoked", partitions);
    held.removeAll(partitions);
    onLoss.run();
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    tell("lost", partitions);
    held.removeAll(partitions);
    onLoss.run();
  }
}
