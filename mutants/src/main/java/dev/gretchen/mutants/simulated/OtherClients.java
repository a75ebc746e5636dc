package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.Links;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/// Surroundings in which Kafka's clients are not what they seem.
///
/// @param inner the true ones
/// @param kafka makes the clients
record OtherClients(Surroundings inner, KafkaClients kafka) implements Surroundings {

  /// Makes what stands before a client.
  @FunctionalInterface
  interface Maker<C> {
    Interception make(C client, Map<String, Object> configuration);
  }

  /// The consumers that are members of the group.
  static UnaryOperator<Surroundings> groupConsumers(Maker<Consumer<byte[], byte[]>> maker) {
    return consumers(
        configuration -> configuration.containsKey(ConsumerConfig.GROUP_ID_CONFIG), maker);
  }

  /// The consumers by which standbys read changelogs.
  static UnaryOperator<Surroundings> standbyConsumers(Maker<Consumer<byte[], byte[]>> maker) {
    return consumers(configuration -> clientId(configuration).endsWith("-standby"), maker);
  }

  @SuppressWarnings("unchecked") // clients here have bytes throughout
  private static UnaryOperator<Surroundings> consumers(
      Predicate<Map<String, Object>> those, Maker<Consumer<byte[], byte[]>> maker) {
    return inner ->
        new OtherClients(
            inner,
            new Clients(inner.kafka()) {
              @Override
              public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
                Consumer<byte[], byte[]> sound = super.consumer(configuration);
                return those.test(configuration)
                    ? Interception.before(Consumer.class, sound, maker.make(sound, configuration))
                    : sound;
              }
            });
  }

  /// Consumers with another configuration, which may be changed before they are made.
  static UnaryOperator<Surroundings> consumersConfigured(
      java.util.function.Consumer<Map<String, Object>> change) {
    return inner ->
        new OtherClients(
            inner,
            new Clients(inner.kafka()) {
              @Override
              public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
                Map<String, Object> changed = new HashMap<>(configuration);
                change.accept(changed);
                return super.consumer(changed);
              }
            });
  }

  /// The producers that commit in transactions.
  @SuppressWarnings("unchecked") // as above
  static UnaryOperator<Surroundings> committers(Maker<Producer<byte[], byte[]>> maker) {
    return inner ->
        new OtherClients(
            inner,
            new Clients(inner.kafka()) {
              @Override
              public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
                Producer<byte[], byte[]> sound = super.producer(configuration);
                return configuration.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)
                    ? Interception.before(Producer.class, sound, maker.make(sound, configuration))
                    : sound;
              }
            });
  }

  static UnaryOperator<Surroundings> admins(Maker<Admin> maker) {
    return inner ->
        new OtherClients(
            inner,
            new Clients(inner.kafka()) {
              @Override
              public Admin admin(Map<String, Object> configuration) {
                Admin sound = super.admin(configuration);
                return Interception.before(Admin.class, sound, maker.make(sound, configuration));
              }
            });
  }

  /// The client id in a configuration.
  static String clientId(Map<String, Object> configuration) {
    return String.valueOf(configuration.get(ProducerConfig.CLIENT_ID_CONFIG));
  }

  private static class Clients implements KafkaClients {
    private final KafkaClients inner;

    Clients(KafkaClients inner) {
      this.inner = inner;
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
      return inner.consumer(configuration);
    }

    @Override
    public Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
      return inner.producer(configuration);
    }

    @Override
    public Admin admin(Map<String, Object> configuration) {
      return inner.admin(configuration);
    }
  }

  @Override
  public Links links() {
    return inner.links();
  }

  @Override
  public InstantSource clock() {
    return inner.clock();
  }

  @Override
  public long nanoTime() {
    return inner.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return inner.random();
  }

  @Override
  public Executor handlers() {
    return inner.handlers();
  }

  @Override
  public Runnable interrupter() {
    return inner.interrupter();
  }

  @Override
  public Monitor monitor() {
    return inner.monitor();
  }

  @Override
  public void halt(int status) {
    inner.halt(status);
  }

  @Override
  public Running start(
      String name, Activity activity, java.util.function.Consumer<@Nullable Throwable> ended) {
    return inner.start(name, activity, ended);
  }
}
