package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An app's agents, tables and topics, checked to fit together.
///
/// A *task* is one partition of an input topic with all agents that read it and their tables.
/// Agents on different topics that share a table would have to be one task, which needs an assignor
/// that keeps the topics' partitions together; until the engine has it, such an app is refused.
///
/// @param agentsByTopic input topic -> its agents, in order of declaration
/// @param tablesByTopic input topic -> the tables of its agents
/// @param topics all declared topics, read or written
/// @param timerPeriodsMillis of the timers, which are the agents of the leader topic; none if there
///   are none
/// @param clocks input topic -> what tells the time of its events, where that is not their record's
public record Topology(
    String app,
    Map<String, List<AgentSpec>> agentsByTopic,
    Map<String, List<TableSpec>> tablesByTopic,
    List<String> topics,
    List<Long> timerPeriodsMillis,
    Map<String, EventClock> clocks) {

  /// Checks and groups.
  ///
  /// @throws IllegalStateException naming what does not fit together
  public static Topology of(
      String app, List<AgentSpec> agents, List<TableSpec> tables, List<String> topics) {
    if (agents.isEmpty()) {
      throw new IllegalStateException(
          "app " + app + " has no agent; declare one with app.agent(...)");
    }
    Map<String, List<AgentSpec>> agentsByTopic = new LinkedHashMap<>();
    for (AgentSpec agent : agents) {
      agentsByTopic.computeIfAbsent(agent.topic(), _ -> new ArrayList<>()).add(agent);
    }
    agentsByTopic.values().forEach(together -> requireSameLanes(app, together));
    Map<String, List<TableSpec>> tablesByTopic = new LinkedHashMap<>();
    agentsByTopic.keySet().forEach(topic -> tablesByTopic.put(topic, new ArrayList<>()));
    for (TableSpec table : tables) {
      tablesByTopic.computeIfAbsent(topicOf(app, table, agents), _ -> new ArrayList<>()).add(table);
    }
    return new Topology(
        app, agentsByTopic, tablesByTopic, List.copyOf(topics), List.of(), Map.of());
  }

  /// The same with timers, whose agents it has already.
  public Topology withTimers(List<Long> periodsMillis) {
    return new Topology(
        app, agentsByTopic, tablesByTopic, topics, List.copyOf(periodsMillis), clocks);
  }

  /// The same with topics whose events tell their time.
  public Topology withClocks(Map<String, EventClock> byTopic) {
    return new Topology(
        app, agentsByTopic, tablesByTopic, topics, timerPeriodsMillis, Map.copyOf(byTopic));
  }

  /// What tells the time of a topic's events; null where that is their record's.
  public @Nullable EventClock clock(String topic) {
    return clocks.get(topic);
  }

  public boolean hasTimers() {
    return !timerPeriodsMillis.isEmpty();
  }

  /// The task whose owner leads the app.
  public TaskId leaderSeat() {
    return new TaskId(leaderTopic(app), 0);
  }

  /// The topic, of one partition, whose owner leads an app. Nothing is written to it.
  public static String leaderTopic(String app) {
    return app + "-leader";
  }

  /// The input topics, in order of declaration.
  public List<String> inputs() {
    return List.copyOf(agentsByTopic.keySet());
  }

  /// How many events of a partition of a topic are handled at a time.
  public LaneSpec lanes(String topic) {
    List<AgentSpec> agents = agentsByTopic.getOrDefault(topic, List.of());
    return agents.isEmpty() ? LaneSpec.SEQUENTIAL : agents.getFirst().lanes();
  }

  public String changelog(String table) {
    return app + "-" + table + "-changelog";
  }

  public String auditTopic() {
    return app + "-audit";
  }

  public String deadLetterTopic() {
    return app + "-dead-letters";
  }

  /// Agents of one topic handle an event together, so they have one lane for it.
  private static void requireSameLanes(String app, List<AgentSpec> agents) {
    AgentSpec first = agents.getFirst();
    for (AgentSpec other : agents) {
      if (!other.lanes().equals(first.lanes())) {
        throw new IllegalStateException(
            "app "
                + app
                + ": agents "
                + first.name()
                + " and "
                + other.name()
                + " read topic "
                + first.topic()
                + " and handle each event together, but with concurrency "
                + first.lanes().concurrency()
                + " and "
                + other.lanes().concurrency()
                + (first.lanes().concurrency() == other.lanes().concurrency()
                    ? ", in lanes or batches of their own"
                    : "")
                + "; give both the same, or send the events of one to a topic of its own");
      }
    }
  }

  private static String topicOf(String app, TableSpec table, List<AgentSpec> agents) {
    List<String> users =
        agents.stream()
            .filter(agent -> agent.tables().contains(table.name()))
            .map(AgentSpec::topic)
            .distinct()
            .toList();
    return switch (users.size()) {
      case 1 -> users.getFirst();
      case 0 ->
          throw new IllegalStateException(
              "app "
                  + app
                  + ": no agent uses table "
                  + table.name()
                  + "; declare it with app.agent(...).uses(...)");
      default ->
          throw new IllegalStateException(
              "app "
                  + app
                  + ": table "
                  + table.name()
                  + " is used by agents on several topics "
                  + users
                  + ", whose partitions this engine cannot keep together yet; re-key into one topic first");
    };
  }
}
