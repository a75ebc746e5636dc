package dev.gretchen.chaos.nemesis;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Who has a role right now.
public interface Roles {

  /// The worker to which the group has assigned the partition, empty while nobody has it or nobody
  /// can tell.
  default Optional<String> ownerOf(String topic, int partition) throws InterruptedException {
    return Optional.ofNullable(owners().get(topic + "-" + partition));
  }

  /// All partitions that the group has assigned, such as `colors-3`, each with the worker that has
  /// it; empty where nobody can tell. One that died is among them until the group has noticed.
  Map<String, String> owners() throws InterruptedException;

  /// The broker that leads the partition.
  OptionalInt leaderOf(String topic, int partition) throws InterruptedException;

  /// The broker that coordinates the app's group, empty where nobody can tell.
  default OptionalInt groupCoordinator() throws InterruptedException {
    return OptionalInt.empty();
  }

  /// The broker that coordinates the transactions of one of the workers, empty where nobody can
  /// tell.
  default OptionalInt transactionCoordinator() throws InterruptedException {
    return OptionalInt.empty();
  }

  /// The broker that is the active controller, empty where nobody can tell.
  default OptionalInt controller() throws InterruptedException {
    return OptionalInt.empty();
  }
}
