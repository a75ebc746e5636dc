package dev.gretchen.testkit.kafka;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A member of a group, as its coordinator knows it: what it has told of itself, what it was
/// assigned, and the answers that it waits for.
final class GroupMember {

  static final byte[] NOTHING = new byte[0];

  final String id;

  /// Null for a dynamic member.
  final @Nullable String instance;

  private int sessionMillis;
  private int rebalanceMillis;
  private Map<String, byte[]> protocols;
  byte @Nullable [] assignment;

  /// The answer that it waits for at the barrier, null while it is not there.
  @Nullable Consumer<Reply.Joined> joining;

  /// The answer that it waits for until the leader has assigned.
  @Nullable Consumer<Reply.Synced> syncing;

  /// Counts the times that it has shown that it lives.
  long session;

  GroupMember(String id, Request.JoinGroup join) {
    this.id = id;
    this.instance = join.instanceId();
    this.sessionMillis = join.sessionTimeoutMillis();
    this.rebalanceMillis = join.rebalanceTimeoutMillis();
    this.protocols = join.protocols();
  }

  /// Takes over what it tells of itself as it joins again.
  void take(Request.JoinGroup join) {
    sessionMillis = join.sessionTimeoutMillis();
    rebalanceMillis = join.rebalanceTimeoutMillis();
    protocols = join.protocols();
  }

  boolean isStatic() {
    return instance != null;
  }

  int sessionMillis() {
    return sessionMillis;
  }

  int rebalanceMillis() {
    return rebalanceMillis;
  }

  /// Its assignors with its subscription for each, the preferred first.
  Map<String, byte[]> protocols() {
    return protocols;
  }

  boolean speaks(Map<String, byte[]> others) {
    return protocols.keySet().equals(others.keySet())
        && protocols.entrySet().stream()
            .allMatch(entry -> Arrays.equals(entry.getValue(), others.get(entry.getKey())));
  }

  byte[] subscription(String protocol) {
    return protocols.getOrDefault(protocol, NOTHING);
  }

  /// Whether it waits for the coordinator.
  boolean isWaiting() {
    return joining != null || syncing != null;
  }

  /// It is no member any more: whatever it waits for is answered with the reason.
  void dismiss(Errors why) {
    session++;
    Consumer<Reply.Joined> joiner = joining;
    Consumer<Reply.Synced> syncer = syncing;
    joining = null;
    syncing = null;
    if (joiner != null) {
      joiner.accept(refusal(why));
    }
    if (syncer != null) {
      syncer.accept(new Reply.Synced(why, "", NOTHING));
    }
  }

  /// The answer to one who may not join.
  static Reply.Joined refusal(Errors error) {
    return new Reply.Joined(error, -1, "", "", "", Map.of(), Map.of());
  }
}
