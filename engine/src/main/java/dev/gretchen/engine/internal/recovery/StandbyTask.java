package dev.gretchen.engine.internal.recovery;

import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// A task whose tables this worker keeps a copy of.
///
/// @param claim under which its stores are written, until a task or another standby claims them
/// @param stores table -> its partition
public record StandbyTask(TaskId id, long claim, NavigableMap<String, StorePartition> stores) {

  public StandbyTask {
    stores = Collections.unmodifiableNavigableMap(new TreeMap<>(stores));
  }
}
