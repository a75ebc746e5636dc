package dev.gretchen.engine.internal.assign;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// What the assignor needs of the worker in which it runs. Called on the polling thread.
public interface AssignorContext {

  /// The name under which it stands in the consumer's configuration.
  String CONFIG = "gretchen.assignor.context";

  /// Topics whose partitions move together, with their tables.
  ///
  /// @param name of the group: its first topic
  /// @param tables empty if its tasks bring nothing along
  record MovingTogether(String name, List<String> topics, List<String> tables) {

    public MovingTogether {
      topics = List.copyOf(topics);
      tables = List.copyOf(tables);
    }
  }

  /// What this app's tasks consist of.
  List<MovingTogether> groups();

  /// Whether a topic of none of these groups is one of the app's nevertheless, because a pattern
  /// finds it; a group of its own, without tables.
  default boolean finds(String topic) {
    return false;
  }

  /// How this worker shares out if it leads.
  AssignSettings settings();

  /// Whether tasks may move now for evenness alone, in a group that consists of these processes.
  ///
  /// @param incarnations of all members; of one whose report cannot be read, its member id
  boolean mayEvenOut(Set<String> incarnations);

  /// What this worker tells of itself now.
  MemberReport report();

  /// What this worker was given. What it had to give up is given up, what it gains has not begun.
  void assigned(GroupView view, Collection<TopicPartition> inputs);
}
