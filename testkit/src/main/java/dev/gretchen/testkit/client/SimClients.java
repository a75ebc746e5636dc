package dev.gretchen.testkit.client;

import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimSurroundings;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// The Kafka clients of one simulated process.
public final class SimClients implements KafkaClients {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Network network;
  private final SimProcess process;
  private final LongSupplier wallMillis;

  public SimClients(Network network, SimProcess process) {
    this(
        network,
        process,
        () ->
            SimSurroundings.BEGINNING.toEpochMilli() + network.scheduler().now() / NANOS_PER_MILLI);
  }

  /// @param wallMillis the process's clock, which stamps records that have no time of their own
  public SimClients(Network network, SimProcess process, LongSupplier wallMillis) {
    this.network = network;
    this.process = process;
    this.wallMillis = wallMillis;
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
    return new SimConsumer(connection(), new ClientConfig(configuration));
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
    return new SimProducer(connection(), new ClientConfig(configuration));
  }

  @Override
  public Admin admin(Map<String, Object> configuration) {
    return SimAdmin.open(connection(), new ClientConfig(configuration));
  }

  private Connection connection() {
    return new Connection(network, process, wallMillis);
  }
}
