package dev.gretchen.engine.internal.assign;

/// Tasks that one assignor shares out evenly: partition n of every topic of the group is one task.
///
/// @param name of the group, which is its first topic's
/// @param partitions how many tasks it has
/// @param hasTables whether a task brings state along, so that it should move only where that is
public record TaskGroup(String name, int partitions, boolean hasTables) {

  public TaskGroup {
    if (partitions < 0) {
      throw new IllegalArgumentException("group " + name + " has " + partitions + " partitions");
    }
  }
}
