package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The tasks that this worker holds now. Changed by the polling thread alone, read by any.
public final class TaskTable {

  private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();

  public Collection<Task> all() {
    return tasks.values();
  }

  public @Nullable Task get(TaskId id) {
    return tasks.get(id);
  }

  void put(Task task) {
    tasks.put(task.id(), task);
  }

  @Nullable Task remove(TaskId id) {
    return tasks.remove(id);
  }
}
