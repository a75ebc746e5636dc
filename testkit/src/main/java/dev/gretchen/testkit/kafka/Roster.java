package dev.gretchen.testkit.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Who is in a group, in the order in which they came, and who leads: the first, until it goes.
///
/// A static member's instance id stands for one member id at a time; who speaks under the same
/// instance id with another member id is fenced.
final class Roster {

  private final Map<String, GroupMember> members = new LinkedHashMap<>();
  private final Map<String, String> instances = new LinkedHashMap<>();
  private @Nullable String leader;

  boolean isEmpty() {
    return members.isEmpty();
  }

  int size() {
    return members.size();
  }

  Collection<GroupMember> members() {
    return members.values();
  }

  @Nullable GroupMember find(String id) {
    return members.get(id);
  }

  /// The member id that an instance id stands for, null if none.
  @Nullable String idOf(String instance) {
    return instances.get(instance);
  }

  /// The member who speaks, which was checked before.
  GroupMember member(Request.Member from) {
    GroupMember member = members.get(from.memberId());
    if (member == null) {
      throw new IllegalStateException("no member " + from.memberId());
    }
    return member;
  }

  boolean holds(GroupMember member) {
    return members.get(member.id) == member;
  }

  void add(GroupMember member) {
    members.put(member.id, member);
    if (member.instance != null) {
      instances.put(member.instance, member.id);
    }
    if (leader == null) {
      leader = member.id;
    }
  }

  /// A new process takes a static member's place, and its lead. The one before is fenced; what it
  /// was assigned stays.
  ///
  /// @param before the id of the member that had the place
  void replace(String before, GroupMember member) {
    GroupMember old = members.remove(before);
    if (old != null) {
      member.assignment = old.assignment;
      old.dismiss(Errors.FENCED_INSTANCE_ID);
    }
    members.put(member.id, member);
    instances.put(String.valueOf(member.instance), member.id);
    if (before.equals(leader)) {
      leader = member.id;
    }
  }

  void remove(GroupMember member) {
    members.remove(member.id);
    if (member.instance != null) {
      instances.remove(member.instance, member.id);
    }
    if (isLeader(member)) {
      leader = members.isEmpty() ? null : members.keySet().iterator().next();
    }
  }

  boolean isLeader(GroupMember member) {
    return member.id.equals(leader);
  }

  @Nullable String leader() {
    return leader;
  }

  void lead(@Nullable GroupMember member) {
    leader = member == null ? null : member.id;
  }

  /// Whether there is a protocol among some that all members know.
  boolean supports(Set<String> protocols) {
    return members.isEmpty() || protocols.stream().anyMatch(this::isCommon);
  }

  /// The protocol that all members know, and the oldest of them prefers.
  String commonProtocol() {
    GroupMember oldest = members.values().iterator().next();
    return oldest.protocols().keySet().stream().filter(this::isCommon).findFirst().orElse("");
  }

  private boolean isCommon(String protocol) {
    return members.values().stream().allMatch(member -> member.protocols().containsKey(protocol));
  }

  /// How long a rebalance may take: as long as the most patient member allows.
  long rebalanceNanos() {
    return 1_000_000L
        * members.values().stream().mapToInt(GroupMember::rebalanceMillis).max().orElse(0);
  }

  /// Whether one may speak: known and not replaced.
  Errors check(Request.Member from) {
    String instance = from.instanceId();
    if (instance != null) {
      String known = instances.get(instance);
      if (known == null) {
        return Errors.UNKNOWN_MEMBER_ID;
      }
      if (!known.equals(from.memberId())) {
        return Errors.FENCED_INSTANCE_ID;
      }
    }
    return members.containsKey(from.memberId()) ? Errors.NONE : Errors.UNKNOWN_MEMBER_ID;
  }

  List<Reply.MemberState> describe() {
    return members.values().stream()
        .map(member -> new Reply.MemberState(member.id, member.instance, member.assignment))
        .toList();
  }
}
