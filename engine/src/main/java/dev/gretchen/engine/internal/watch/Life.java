package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;

/// One membership of one process: who was removed from the group and joins again is given another
/// member id by Kafka, though it is the same process under the same `group.instance.id`.
///
/// @param member Kafka's member id
record Life(String member) implements Comparable<Life> {

  /// An instance id has at most 249 characters, to which the broker adds 37.
  static final int LENGTH_MAX = 300;

  Life {
    if (member.isEmpty() || member.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("no member id: '" + member + "'");
    }
  }

  /// That of a member under an assignment.
  static Life of(Peer peer) {
    return new Life(peer.member());
  }

  @Override
  public int compareTo(Life other) {
    return member.compareTo(other.member);
  }
}
