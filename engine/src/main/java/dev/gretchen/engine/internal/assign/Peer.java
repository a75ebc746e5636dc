package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/// A member as the others know it: where it answers, what it holds, and how it is fenced.
///
/// @param worker the slot
/// @param incarnation one process
/// @param rack where it stands, or an empty string
/// @param endpoint `host:port`, or empty if it told none
/// @param transactionalId empty if it told none
/// @param actives tasks that it runs; one that is on its way to another worker is nobody's
/// @param standbys tasks whose tables it keeps a copy of, warm-ups included
public record Peer(
    String worker,
    String incarnation,
    String rack,
    String endpoint,
    String transactionalId,
    NavigableSet<TaskId> actives,
    NavigableSet<TaskId> standbys) {

  public Peer {
    actives = Collections.unmodifiableNavigableSet(new TreeSet<>(actives));
    standbys = Collections.unmodifiableNavigableSet(new TreeSet<>(standbys));
  }
}
