package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Tasks on the wire: each topic once, then its partitions as differences.
final class TaskNames {

  private TaskNames() {}

  static void write(Wire.Writer out, NavigableSet<TaskId> tasks) {
    TreeMap<String, TreeSet<Integer>> byTopic = new TreeMap<>();
    tasks.forEach(
        task -> byTopic.computeIfAbsent(task.topic(), _ -> new TreeSet<>()).add(task.partition()));
    out.number(byTopic.size());
    byTopic.forEach((topic, partitions) -> {
      out.text(topic).number(partitions.size());
      int before = 0;
      for (int partition : partitions) {
        out.number(partition - before);
        before = partition;
      }
    });
  }

  static NavigableSet<TaskId> read(Wire.Reader in) throws Wire.Malformed {
    List<TaskId> tasks = new ArrayList<>();
    int topics = in.count();
    for (int i = 0; i < topics; i++) {
      String topic = in.text();
      int partitions = in.count();
      int partition = 0;
      for (int j = 0; j < partitions; j++) {
        partition = partition(partition + in.number());
        tasks.add(new TaskId(topic, partition));
      }
    }
    return new TreeSet<>(tasks);
  }

  static int partition(long number) throws Wire.Malformed {
    if (number > Integer.MAX_VALUE) {
      throw new Wire.Malformed("partition " + number);
    }
    return (int) number;
  }
}
