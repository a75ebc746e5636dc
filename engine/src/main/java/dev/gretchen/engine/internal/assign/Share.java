package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/// What one member is to hold.
///
/// @param actives tasks that it runs
/// @param standbys tasks whose tables it keeps a copy of
/// @param warmUps tasks that it will run once its copy of their tables has caught up; it may stand
///   by for them too
public record Share(
    NavigableSet<TaskId> actives, NavigableSet<TaskId> standbys, NavigableSet<TaskId> warmUps) {

  public Share {
    actives = Collections.unmodifiableNavigableSet(new TreeSet<>(actives));
    standbys = Collections.unmodifiableNavigableSet(new TreeSet<>(standbys));
    warmUps = Collections.unmodifiableNavigableSet(new TreeSet<>(warmUps));
  }
}
