package dev.gretchen.engine.internal.watch;

import java.util.Comparator;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// A member of the group under one assignment.
///
/// @param worker its slot
/// @param instance its `group.instance.id`: slot and incarnation
/// @param member Kafka's member id, which is another one after a removal from the group
/// @param transactionalId of its commits
/// @param address where its links come in, as `host:port`; empty if it cannot be watched
/// @param owned the input partitions that this assignment gives it
public record Peer(
    String worker,
    String instance,
    String member,
    String transactionalId,
    String address,
    Set<TopicPartition> owned) {

  static final Comparator<Peer> BY_NAME =
      Comparator.comparing(Peer::worker).thenComparing(Peer::instance);

  public Peer {
    if (worker.isBlank() || instance.isBlank() || member.isBlank() || transactionalId.isBlank()) {
      throw new IllegalArgumentException(
          "a peer has a worker, an instance, a member id and a transactional id, found '%s', '%s', '%s', '%s'"
              .formatted(worker, instance, member, transactionalId));
    }
    owned = Set.copyOf(owned);
  }

  Life life() {
    return new Life(member);
  }
}
