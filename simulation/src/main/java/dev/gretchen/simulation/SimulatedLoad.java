package dev.gretchen.simulation;

import dev.gretchen.testkit.client.SimClients;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimulationFailure;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Sends the load: the verifier's own plan, in a process of its own, in bursts and pauses.
final class SimulatedLoad {

  static final String PROCESS = "load";

  private static final String EVENT_ID = "event-id";

  private final Scheduler scheduler;
  private final SimProcess process;
  private final Producer<byte[], byte[]> producer;
  private final LoadPlan plan;
  private final List<String> topics;
  private final Duration sending;
  private final List<List<Ack>> acks = new ArrayList<>();
  private long sent;
  private boolean ended;

  /// @param topics over which the plan's partitions reach, one after another
  SimulatedLoad(
      Scheduler scheduler, Network network, LoadPlan plan, List<String> topics, Duration sending) {
    this.scheduler = scheduler;
    this.process = scheduler.process(PROCESS);
    this.producer =
        new SimClients(network, process)
            .producer(
                Map.of(
                    ProducerConfig.CLIENT_ID_CONFIG, PROCESS, ProducerConfig.LINGER_MS_CONFIG, 5));
    this.plan = plan;
    this.topics = topics;
    this.sending = sending;
    for (int partition = 0; partition < plan.shape().partitions() * topics.size(); partition++) {
      acks.add(new ArrayList<>());
    }
  }

  void start() {
    scheduler.start(
        process,
        "load",
        this::send,
        thrown -> {
          if (thrown != null) {
            throw new SimulationFailure("the load cannot be sent", thrown);
          }
        });
  }

  private void send() {
    long pause = sending.toNanos() / plan.count();
    long index = 0;
    while (index < plan.count()) {
      long burst = Math.min(plan.count() - index, 1 + scheduler.random().nextInt(40));
      for (long last = index + burst; index < last; index++) {
        send(plan.event(index));
        sent = index + 1;
      }
      scheduler.sleep(1 + scheduler.random().nextLong(2 * pause * burst));
    }
    producer.flush();
    ended = true;
  }

  private void send(LoadEvent event) {
    int each = plan.shape().partitions();
    byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(event.id()).array();
    producer.send(
        new ProducerRecord<>(
            topics.get(event.partition() / each),
            event.partition() % each,
            event.timestamp(),
            event.key(),
            event.value(),
            List.of(new RecordHeader(EVENT_ID, id))),
        (metadata, failure) -> acknowledged(event, metadata, failure));
  }

  private void acknowledged(
      LoadEvent event, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (failure != null || metadata == null) {
      throw new SimulationFailure("event " + event.index() + " of the load was not taken", failure);
    }
    acks.get(event.partition()).add(new Ack(event.index(), Ack.Status.ACKED, metadata.offset()));
  }

  boolean hasEnded() {
    return ended;
  }

  long sent() {
    return sent;
  }

  /// What the producer said of each partition's events.
  List<List<Ack>> acks() {
    return acks;
  }
}
