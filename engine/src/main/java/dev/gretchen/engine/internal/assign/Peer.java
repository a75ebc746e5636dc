package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A member of the group under one assignment, as the others know it: where it answers, what it
/// holds, and how it is removed and fenced.
///
/// @param member Kafka's member id, which is another one after a removal from the group
/// @param worker the slot
/// @param incarnation one process
/// @param rack where it stands, or an empty string
/// @param endpoint `host:port` of its endpoints, or empty if it told none
/// @param address `host:port` where its links come in, or empty if it cannot be watched
/// @param transactionalId of its commits; empty if it told none
/// @param actives tasks that it runs; one that is on its way to another worker is nobody's
/// @param standbys tasks whose tables it keeps a copy of, warm-ups included
public record Peer(
    String member,
    String worker,
    String incarnation,
    String rack,
    String endpoint,
    String address,
    String transactionalId,
    NavigableSet<TaskId> actives,
    NavigableSet<TaskId> standbys) {

  /// An order that is the same for all who were told the same.
  public static final Comparator<Peer> BY_NAME =
      Comparator.comparing(Peer::worker).thenComparing(Peer::incarnation);

  private static final Pattern INCARNATION = Pattern.compile("[0-9a-f]{8}");

  public Peer {
    actives = Collections.unmodifiableNavigableSet(new TreeSet<>(actives));
    standbys = Collections.unmodifiableNavigableSet(new TreeSet<>(standbys));
  }

  /// Its `group.instance.id`.
  public String instance() {
    return instance(worker, incarnation);
  }

  /// The `group.instance.id` of a slot's process: another one for each, so that a member that is
  /// left behind can be told from its successor, and removed.
  public static String instance(String worker, String incarnation) {
    return worker + "-" + incarnation;
  }

  /// Whether a `group.instance.id` is that of a process of a slot.
  public static boolean isOf(String worker, String instance) {
    return instance.startsWith(worker + "-")
        && INCARNATION.matcher(instance.substring(worker.length() + 1)).matches();
  }
}
