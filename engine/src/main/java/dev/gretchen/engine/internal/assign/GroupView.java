package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the leader tells a member beside its partitions: the user data of its assignment.
///
/// @param standbys tasks for which this member stands by
/// @param warmUps tasks that it warms up for
/// @param looksAgain whether this member is to ask for another round once the group is at rest:
///   tasks would have moved for evenness in this one
/// @param peers all members, this one included, in the order of their names
public record GroupView(
    NavigableSet<TaskId> standbys,
    NavigableSet<TaskId> warmUps,
    boolean looksAgain,
    List<Peer> peers) {

  /// Of one who has been told nothing.
  public static final GroupView NOTHING =
      new GroupView(new TreeSet<>(), new TreeSet<>(), false, List.of());

  public GroupView {
    standbys = Collections.unmodifiableNavigableSet(new TreeSet<>(standbys));
    warmUps = Collections.unmodifiableNavigableSet(new TreeSet<>(warmUps));
    peers = List.copyOf(peers);
  }

  /// Who runs a task.
  public Optional<Peer> owner(TaskId task) {
    return peers.stream().filter(peer -> peer.actives().contains(task)).findFirst();
  }

  /// As bytes.
  public ByteBuffer encode() {
    Wire.Writer out = new Wire.Writer().number(MemberReport.VERSION);
    TaskNames.write(out, standbys);
    TaskNames.write(out, warmUps);
    out.number(looksAgain ? 1 : 0);
    out.number(peers.size());
    for (Peer peer : peers) {
      out.text(peer.member()).text(peer.worker()).text(peer.incarnation()).text(peer.rack());
      out.text(peer.endpoint()).text(peer.address()).text(peer.transactionalId());
      TaskNames.write(out, peer.actives());
      TaskNames.write(out, peer.standbys());
    }
    return ByteBuffer.wrap(out.bytes());
  }

  /// From bytes, which may be anything; empty where a leader of another version wrote them, or they
  /// are not whole.
  public static Optional<GroupView> decode(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return Optional.empty();
    }
    Wire.Reader in = new Wire.Reader(bytes);
    try {
      if (in.number() != MemberReport.VERSION) {
        return Optional.empty();
      }
      NavigableSet<TaskId> standbys = TaskNames.read(in);
      NavigableSet<TaskId> warmUps = TaskNames.read(in);
      boolean looksAgain = in.number() == 1;
      List<Peer> peers = new ArrayList<>();
      int count = in.count();
      for (int i = 0; i < count; i++) {
        peers.add(
            new Peer(
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                TaskNames.read(in),
                TaskNames.read(in)));
      }
      return Optional.of(new GroupView(standbys, warmUps, looksAgain, peers));
    } catch (Wire.Malformed _) {
      return Optional.empty();
    }
  }
}
