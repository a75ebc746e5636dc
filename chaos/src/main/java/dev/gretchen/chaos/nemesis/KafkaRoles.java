package dev.gretchen.chaos.nemesis;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.Node;

/// Roles as Kafka knows them. A member of the group belongs to the worker whose name is its client
/// id, or that and a hyphen begin it.
public final class KafkaRoles implements Roles, AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Admin admin;
  private final String group;
  private final Supplier<List<String>> workers;

  private KafkaRoles(Admin admin, String group, Supplier<List<String>> workers) {
    this.admin = admin;
    this.group = group;
    this.workers = workers;
  }

  /// @param clientProperties to connect with
  /// @param group the app's consumer group
  /// @param workers the names of all workers, at any time
  public static KafkaRoles open(
      Map<String, String> clientProperties, String group, Supplier<List<String>> workers) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put("client.id", "gretchen-nemesis");
    properties.put("default.api.timeout.ms", Long.toString(TIMEOUT.toMillis()));
    properties.put("request.timeout.ms", "3000");
    return new KafkaRoles(Admin.create(properties), group, workers);
  }

  @Override
  public Map<String, String> owners() throws InterruptedException {
    try {
      var described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group);
      if (described == null) {
        return Map.of();
      }
      List<String> names = workers.get();
      Map<String, String> owners = new HashMap<>();
      for (MemberDescription member :
          described.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).members()) {
        workerOf(member.clientId(), names)
            .ifPresent(worker ->
                member
                    .assignment()
                    .topicPartitions()
                    .forEach(held -> owners.put(held.toString(), worker)));
      }
      return owners;
    } catch (ExecutionException | TimeoutException _) {
      return Map.of();
    }
  }

  static Optional<String> workerOf(String clientId, Collection<String> workers) {
    return workers.stream()
        .filter(worker -> clientId.equals(worker) || clientId.startsWith(worker + "-"))
        .max(Comparator.comparingInt(String::length));
  }

  @Override
  public OptionalInt leaderOf(String topic, int partition) throws InterruptedException {
    try {
      var described = admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
      if (described == null) {
        return OptionalInt.empty();
      }
      return described.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).partitions().stream()
          .filter(description -> description.partition() == partition)
          .filter(description -> description.leader() != null)
          .map(description -> description.leader())
          .mapToInt(Node::id)
          .findFirst();
    } catch (ExecutionException | TimeoutException _) {
      return OptionalInt.empty();
    }
  }

  @Override
  public OptionalInt groupCoordinator() throws InterruptedException {
    try {
      var described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group);
      return described == null
          ? OptionalInt.empty()
          : OptionalInt.of(
              described.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).coordinator().id());
    } catch (ExecutionException | TimeoutException _) {
      return OptionalInt.empty();
    }
  }

  @Override
  public OptionalInt transactionCoordinator() throws InterruptedException {
    try {
      Optional<String> id =
          admin.listTransactions().all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).stream()
              .map(TransactionListing::transactionalId)
              .filter(own -> !own.startsWith(Stranger.NAME))
              .sorted()
              .findFirst();
      return id.isEmpty()
          ? OptionalInt.empty()
          : OptionalInt.of(
              admin
                  .describeTransactions(List.of(id.get()))
                  .description(id.get())
                  .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                  .coordinatorId());
    } catch (ExecutionException | TimeoutException _) {
      return OptionalInt.empty();
    }
  }

  @Override
  public OptionalInt controller() throws InterruptedException {
    try {
      return OptionalInt.of(
          admin
              .describeMetadataQuorum()
              .quorumInfo()
              .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .leaderId());
    } catch (ExecutionException | TimeoutException _) {
      return OptionalInt.empty();
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
