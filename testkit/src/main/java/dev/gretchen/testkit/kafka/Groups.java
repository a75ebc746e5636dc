package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/// The coordinator of all groups: each with its members and with the offsets it has committed. A
/// group comes into being with the first that is asked of it, but for a heartbeat and a
/// description.
final class Groups {

  private final Scheduler scheduler;
  private final Topics topics;
  private final Map<String, Group> byName = new LinkedHashMap<>();
  private final Map<String, Offsets> offsets = new LinkedHashMap<>();

  Groups(Scheduler scheduler, Topics topics) {
    this.scheduler = scheduler;
    this.topics = topics;
  }

  Group group(String name) {
    return byName.computeIfAbsent(name, _ -> new Group(scheduler));
  }

  Offsets offsets(String group) {
    return offsets.computeIfAbsent(group, _ -> new Offsets());
  }

  Errors heartbeat(Request.Member member) {
    return byName.containsKey(member.group())
        ? group(member.group()).heartbeat(member)
        : Errors.UNKNOWN_MEMBER_ID;
  }

  Reply.GroupState describe(String group) {
    return byName.containsKey(group)
        ? group(group).describe()
        : new Reply.GroupState(Errors.GROUP_ID_NOT_FOUND, "Dead", -1, List.of());
  }

  /// A topic is deleted, and what was committed of it.
  void forget(String topic) {
    offsets.values().forEach(group -> group.forget(topic));
  }

  Reply.Status commit(Request.OffsetCommit request) {
    Request.Member member = request.member();
    SiftedOffsets sifted = SiftedOffsets.of(request.offsets(), topics::has);
    if (sifted.isOfUnknownTopicsOnly()) {
      return new Reply.Status(sifted.refused());
    }
    Errors refused = group(member.group()).checkCommit(member, false);
    if (refused == Errors.NONE) {
      offsets(member.group()).commit(sifted.accepted(), scheduler.now());
    }
    return new Reply.Status(sifted.error(refused));
  }

  /// Offsets that count once their transaction is committed, which the group joins by this.
  Reply.Status stage(Request.TxnOffsetCommit request, Transactions transactions) {
    Request.Member member = request.member();
    SiftedOffsets sifted = SiftedOffsets.of(request.offsets(), topics::has);
    if (sifted.isOfUnknownTopicsOnly()) {
      return new Reply.Status(sifted.refused());
    }
    Errors refused =
        transactions.join(
            request.transactionalId(), request.producerId(), request.epoch(), member.group());
    if (refused == Errors.NONE) {
      refused = group(member.group()).checkCommit(member, true);
    }
    if (refused == Errors.NONE) {
      offsets(member.group()).stage(request.producerId(), sifted.accepted());
    }
    return new Reply.Status(sifted.error(refused));
  }
}
