package dev.gretchen.simulation;

import dev.gretchen.engine.internal.watch.Peer;
import dev.gretchen.engine.internal.watch.PeerSource;
import dev.gretchen.engine.internal.watch.Peers;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.SimKafka;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;

/// How simulated workers come to know each other: what each has announced, of those that are
/// members when somebody is told of an assignment.
final class Acquaintances implements PeerSource {

  private final SimKafka kafka;
  private final Map<String, Announcement> announced = new LinkedHashMap<>();
  private final Map<String, String> latest = new LinkedHashMap<>();
  private Peers last = Peers.NONE;

  Acquaintances(SimKafka kafka) {
    this.kafka = kafka;
  }

  @Override
  public void announce(Announcement self) {
    announced.put(self.instance(), self);
    latest.put(self.worker(), self.instance());
  }

  /// A slot's process is another one from now on, which has not announced itself.
  void startsAnew(String worker) {
    latest.remove(worker);
  }

  /// Whether an instance is a slot's latest.
  boolean isLatest(String worker, String instance) {
    return instance.equals(latest.get(worker));
  }

  /// Whether a slot's latest process was a member under the latest assignment.
  boolean isMember(String worker) {
    return last.find(latest(worker)) != null;
  }

  /// The instance of a slot's latest process, empty if it never came so far.
  String latest(String worker) {
    return latest.getOrDefault(worker, "");
  }

  @Override
  public Peers assigned(int generation) {
    List<Peer> members = new ArrayList<>();
    for (Reply.MemberState member : kafka.describeGroup(WordColorsContract.GROUP).members()) {
      Announcement known = announced.get(String.valueOf(member.instanceId()));
      if (known != null) {
        members.add(
            new Peer(
                known.worker(),
                known.instance(),
                member.memberId(),
                known.transactionalId(),
                known.address(),
                owned(member)));
      }
    }
    last = new Peers(generation, members);
    return last;
  }

  private static Set<TopicPartition> owned(Reply.MemberState member) {
    byte[] assignment = member.assignment();
    return assignment == null || assignment.length == 0
        ? Set.of()
        : Set.copyOf(
            ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment)).partitions());
  }
}
