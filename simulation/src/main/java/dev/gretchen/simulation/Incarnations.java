package dev.gretchen.simulation;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Which process is a slot's latest, and who of them is a member, as the brokers are told.
final class Incarnations {

  private final SimKafka kafka;
  private final String group;
  private final Map<String, String> latest = new HashMap<>();
  private final Set<String> assigned = new HashSet<>();
  private final Set<SimProcess> twins = new HashSet<>();

  Incarnations(SimKafka kafka, String group) {
    this.kafka = kafka;
    this.group = group;
  }

  /// A slot's process is another one from now on, which nobody knows yet.
  void startsAnew(String worker) {
    latest.remove(worker);
  }

  /// A process is a slot's second one, beside the one that has the disk.
  void addTwin(SimProcess process) {
    twins.add(process);
  }

  /// Whether a second process asks for more than to be told something.
  boolean isMoreThanATwinMayAsk(SimProcess process, Request<?> request) {
    return twins.contains(process)
        && !(request instanceof Request.Metadata
            || request instanceof Request.CreateTopic
            || request instanceof Request.DescribeGroup);
  }

  /// A slot's process asks the brokers for something.
  void asks(String worker, Request<?> request) {
    if (request instanceof Request.JoinGroup join && join.instanceId() != null) {
      latest.put(worker, join.instanceId());
    } else if (request instanceof Request.Heartbeat(Request.Member member)
        && member.instanceId() != null
        && member.generation() >= 0) {
      assigned.add(member.instanceId());
    }
  }

  /// Whether an instance is a slot's latest.
  boolean isLatest(String worker, String instance) {
    return instance.equals(latest.get(worker));
  }

  /// Whether a slot's latest process is a member, and has had an assignment.
  boolean isMember(String worker) {
    String instance = latest(worker);
    return assigned.contains(instance)
        && kafka.describeGroup(group).members().stream()
            .map(Reply.MemberState::instanceId)
            .anyMatch(member -> Objects.equals(member, instance));
  }

  /// The instance of a slot's latest process, empty if it never came so far.
  String latest(String worker) {
    return latest.getOrDefault(worker, "");
  }
}
