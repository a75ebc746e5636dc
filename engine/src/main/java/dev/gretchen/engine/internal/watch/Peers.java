package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.Peer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of the group under one assignment, this worker among them. Empty where nobody knows
/// them: then nobody is watched, and Kafka's session time-out alone finds the dead.
public record Peers(int generation, List<Peer> members) {

  public static final Peers NONE = new Peers(-1, List.of());

  public Peers {
    members = members.stream().sorted(Peer.BY_NAME).toList();
    Set<String> instances = new HashSet<>();
    for (Peer member : members) {
      if (!instances.add(member.instance())) {
        throw new IllegalArgumentException(member.instance() + " is a member twice");
      }
    }
  }

  /// Those of whom the group's leader could tell how they are removed and fenced.
  static Peers of(int generation, GroupView view) {
    return new Peers(
        generation,
        view.peers().stream().filter(peer -> !peer.transactionalId().isEmpty()).toList());
  }

  /// The member of an instance id, or null.
  public @Nullable Peer find(String instance) {
    for (Peer member : members) {
      if (member.instance().equals(instance)) {
        return member;
      }
    }
    return null;
  }

  boolean hasTransactionalId(String id) {
    return members.stream().anyMatch(member -> member.transactionalId().equals(id));
  }
}
