package dev.gretchen.chaos.nemesis;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The intruder by Kafka's own means. A transactional id is a worker's where the worker's name
/// stands in it as a word.
public final class KafkaIntruder implements Intruder, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Map<String, Object> properties;
  private final Admin admin;
  private final String group;

  private KafkaIntruder(Map<String, Object> properties, String group) {
    this.properties = properties;
    this.admin = Admin.create(properties);
    this.group = group;
  }

  /// @param clientProperties to connect with
  /// @param group the app's consumer group
  public static KafkaIntruder open(Map<String, String> clientProperties, String group) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put("client.id", "gretchen-intruder");
    properties.put("default.api.timeout.ms", Long.toString(TIMEOUT.toMillis()));
    properties.put("request.timeout.ms", "3000");
    return new KafkaIntruder(properties, group);
  }

  @Override
  public int evictMembers() throws InterruptedException {
    try {
      var described =
          await(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
      if (described == null || described.members().isEmpty()) {
        return 0;
      }
      RemoveMembersFromConsumerGroupOptions all = new RemoveMembersFromConsumerGroupOptions();
      all.reason("a fault of the test");
      await(admin.removeMembersFromConsumerGroup(group, all).all());
      return described.members().size();
    } catch (ExecutionException | TimeoutException _) {
      return 0;
    }
  }

  @Override
  public Optional<Hijack> hijack(String worker) throws InterruptedException {
    Optional<String> id = transactionalId(worker);
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> own = new HashMap<>(properties);
    own.put("transactional.id", id.get());
    own.put("max.block.ms", Long.toString(TIMEOUT.toMillis()));
    own.put("delivery.timeout.ms", Long.toString(TIMEOUT.toMillis()));
    try (var producer =
        new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
    } catch (KafkaException _) {
      return Optional.empty();
    }
    return Optional.of(new Hijack(id.get(), producerEpoch(id.get())));
  }

  private Optional<String> transactionalId(String worker) throws InterruptedException {
    return transactionalId(worker, _ -> true);
  }

  @Override
  public Optional<String> openTransaction(String worker) throws InterruptedException {
    return transactionalId(worker, listing -> listing.state() == TransactionState.ONGOING);
  }

  private Optional<String> transactionalId(String worker, Predicate<TransactionListing> wanted)
      throws InterruptedException {
    Pattern word =
        Pattern.compile("(^|.*[^A-Za-z0-9])" + Pattern.quote(worker) + "($|[^A-Za-z0-9].*)");
    try {
      Collection<TransactionListing> listings = await(admin.listTransactions().all());
      return listings == null
          ? Optional.empty()
          : listings.stream()
              .filter(wanted)
              .map(TransactionListing::transactionalId)
              .filter(id -> word.matcher(id).matches())
              .sorted()
              .findFirst();
    } catch (ExecutionException | TimeoutException _) {
      return Optional.empty();
    }
  }

  @Override
  public int producerEpoch(String transactionalId) throws InterruptedException {
    try {
      var description =
          await(admin.describeTransactions(List.of(transactionalId)).description(transactionalId));
      return description == null ? -1 : description.producerEpoch();
    } catch (ExecutionException | TimeoutException _) {
      return -1;
    }
  }

  private static <T> @Nullable T await(@Nullable KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future == null ? null : future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
