package dev.gretchen.chaos.nemesis;

import java.util.Optional;
import java.util.OptionalInt;

/// Who has a role right now.
public interface Roles {

  /// The worker to which the group has assigned the partition, empty while nobody has it or nobody
  /// can tell.
  Optional<String> ownerOf(String topic, int partition) throws InterruptedException;

  /// The broker that leads the partition.
  OptionalInt leaderOf(String topic, int partition) throws InterruptedException;
}
