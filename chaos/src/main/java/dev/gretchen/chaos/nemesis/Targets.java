package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.fault.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Resolves a role to whoever has it now.
final class Targets {
  /// How long a role may have no holder, as in the middle of a rebalance.
  static final Duration RESOLVE_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Field field;
  private final RandomGenerator random;

  Targets(Field field, RandomGenerator random) {
    this.field = field;
    this.random = random;
  }

  /// A running worker; otherwise the incident says what is missing.
  Optional<String> worker(Incident incident) throws InterruptedException {
    Target target = incident.step().target();
    Optional<String> worker =
        switch (target) {
          case Target.OwnerOf(String topic, int partition) -> awaitOwner(topic, partition);
          case Target.NewestWorker _ -> field.workers().running().reversed().stream().findFirst();
          case Target.AnyWorker _,
              Target.EachWorker _,
              Target.NewWorker _,
              Target.Broker _,
              Target.LeaderOf _,
              Target.EachBroker _,
              Target.GroupCoordinator _,
              Target.TransactionCoordinator _,
              Target.Controller _,
              Target.Input _,
              Target.AnyService _ ->
              any(field.workers().running());
        };
    if (worker.isPresent()) {
      incident.hitsWorker(worker.get());
      incident.held(heldBy(worker.get()));
    } else {
      incident.missing("no running worker is " + target);
    }
    return worker;
  }

  /// The partitions that the group has assigned to a worker.
  List<String> heldBy(String worker) throws InterruptedException {
    return field.roles().owners().entrySet().stream()
        .filter(entry -> entry.getValue().equals(worker))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Waits until running workers other than one own all of some partitions.
  ///
  /// @return how long that took, empty where it did not happen in time
  Optional<Duration> awaitWithOthers(List<String> partitions, String worker, Duration timeout)
      throws InterruptedException {
    long from = System.nanoTime();
    while (System.nanoTime() - from < timeout.toNanos()) {
      Map<String, String> owners = field.roles().owners();
      if (partitions.stream().allMatch(partition -> isOther(owners.get(partition), worker))) {
        return Optional.of(Duration.ofNanos(System.nanoTime() - from));
      }
      Thread.sleep(POLL);
    }
    return Optional.empty();
  }

  private boolean isOther(@Nullable String owner, String worker) {
    return owner != null && !owner.equals(worker) && field.workers().isRunning(owner);
  }

  private Optional<String> any(List<String> workers) {
    return workers.isEmpty()
        ? Optional.empty()
        : Optional.of(workers.get(random.nextInt(workers.size())));
  }

  Optional<String> awaitOwner(String topic, int partition) throws InterruptedException {
    long deadline = System.nanoTime() + RESOLVE_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<String> owner = field.roles().ownerOf(topic, partition);
      // just after a crash the group still counts on the worker that is gone
      if (owner.isPresent() && field.workers().isRunning(owner.get())) {
        return owner;
      }
      Thread.sleep(POLL);
    }
    return Optional.empty();
  }

  /// Brokers that can be hit; otherwise the incident says why none can.
  Optional<BrokerControl> control(Incident incident) {
    return switch (field.brokerFaults()) {
      case BrokerFaults.Supported(BrokerControl control) -> Optional.of(control);
      case BrokerFaults.Unsupported(String reason) -> {
        incident.missing(reason);
        yield Optional.empty();
      }
    };
  }

  /// A broker; otherwise the incident says what is missing.
  OptionalInt broker(Incident incident) throws InterruptedException {
    Target target = incident.step().target();
    OptionalInt broker = holder(target);
    long deadline = System.nanoTime() + RESOLVE_TIMEOUT.toNanos();
    // just after another fault nobody may have the role, or nobody may be able to tell
    while (broker.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      broker = holder(target);
    }
    broker.ifPresentOrElse(incident::hitsBroker, () -> incident.missing("no broker is " + target));
    return broker;
  }

  private OptionalInt holder(Target target) throws InterruptedException {
    return switch (target) {
      case Target.Broker(int id) -> OptionalInt.of(id);
      case Target.LeaderOf(String topic, int partition) -> field.roles().leaderOf(topic, partition);
      case Target.GroupCoordinator _ -> field.roles().groupCoordinator();
      case Target.TransactionCoordinator _ -> field.roles().transactionCoordinator();
      case Target.Controller _ -> field.roles().controller();
      case Target.EachBroker _,
          Target.AnyWorker _,
          Target.OwnerOf _,
          Target.EachWorker _,
          Target.NewWorker _,
          Target.NewestWorker _,
          Target.Input _,
          Target.AnyService _ ->
          OptionalInt.empty();
    };
  }
}
