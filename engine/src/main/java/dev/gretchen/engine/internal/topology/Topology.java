package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.When;
import dev.gretchen.engine.internal.task.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
/// @param timers when each fires of those, which are the agents of the leader topic
/// @param streams topics between agents, and agents of topics that are found at run time
/// @param clocks input topic -> what tells the time of its events, where that is not their record's
/// @param listeners table -> who is told when a partition of it is complete
public record Topology(
    String app,
    Map<String, List<AgentSpec>> agentsByTopic,
    Map<String, List<TableSpec>> tablesByTopic,
    List<String> topics,
    List<When> timers,
    Streams streams,
    Map<String, EventClock> clocks,
    Map<String, RecoveryListener> listeners) {

  private static final String CHANGELOG = "-changelog";
  private static final String REPARTITION = "-repartition";

  /// As [#of(String, List, List, List, Streams)], of topics by name alone.
  public static Topology of(
      String app, List<AgentSpec> agents, List<TableSpec> tables, List<String> topics) {
    return of(app, agents, tables, topics, Streams.NONE);
  }

  /// Checks and groups.
  ///
  /// @throws IllegalStateException naming what does not fit together
  public static Topology of(
      String app,
      List<AgentSpec> agents,
      List<TableSpec> tables,
      List<String> topics,
      Streams streams) {
    if (agents.isEmpty() && streams.byPattern().isEmpty()) {
      throw new IllegalStateException(
          "app " + app + " has no agent; declare one with app.agent(...)");
    }
    topics.forEach(topic -> requireNotReserved(app, topic));
    streams.byPattern().forEach(agent -> requireNoTables(app, agent));
    Map<String, List<AgentSpec>> agentsByTopic = new LinkedHashMap<>();
    for (AgentSpec agent : agents) {
      agentsByTopic.computeIfAbsent(agent.topic(), _ -> new ArrayList<>()).add(agent);
    }
    agentsByTopic.values().forEach(together -> requireSameLanes(app, together));
    streams.repartitions().forEach(between -> requireRead(app, between, agentsByTopic.keySet()));
    Map<String, List<TableSpec>> tablesByTopic = new LinkedHashMap<>();
    agentsByTopic.keySet().forEach(topic -> tablesByTopic.put(topic, new ArrayList<>()));
    for (TableSpec table : tables) {
      tablesByTopic.computeIfAbsent(topicOf(app, table, agents), _ -> new ArrayList<>()).add(table);
    }
    return new Topology(
        app,
        agentsByTopic,
        tablesByTopic,
        List.copyOf(topics),
        List.of(),
        streams,
        Map.of(),
        Map.of());
  }

  /// The same with timers, whose agents it has already.
  public Topology withTimers(List<When> chosen) {
    return new Topology(
        app, agentsByTopic, tablesByTopic, topics, List.copyOf(chosen), streams, clocks, listeners);
  }

  /// The same with topics whose events tell their time.
  public Topology withClocks(Map<String, EventClock> byTopic) {
    return new Topology(
        app, agentsByTopic, tablesByTopic, topics, timers, streams, Map.copyOf(byTopic), listeners);
  }

  /// What tells the time of a topic's events; null where that is their record's.
  public @Nullable EventClock clock(String topic) {
    return clocks.get(topic);
  }

  /// The same with those who are told when a table's partition is complete.
  public Topology withListeners(Map<String, RecoveryListener> byTable) {
    return new Topology(
        app, agentsByTopic, tablesByTopic, topics, timers, streams, clocks, Map.copyOf(byTable));
  }

  /// Whether agents of the app answer questions.
  public boolean answers() {
    return !streams.answering().isEmpty();
  }

  public boolean hasTimers() {
    return !timers.isEmpty();
  }

  /// The task whose owner leads the app.
  public TaskId leaderSeat() {
    return new TaskId(leaderTopic(app), 0);
  }

  /// The topic, of one partition, whose owner leads an app. Nothing is written to it.
  public static String leaderTopic(String app) {
    return app + "-leader";
  }

  /// The topic where workers wait for the answers of an app's agents.
  public static String repliesTopic(String app) {
    return app + "-replies";
  }

  /// The input topics, in order of declaration.
  public List<String> inputs() {
    return List.copyOf(agentsByTopic.keySet());
  }

  /// The agents that read a topic, whether by its name or by a pattern; none for other topics.
  ///
  /// @throws IllegalStateException if agents of several patterns meet in it and do not fit together
  public List<AgentSpec> agents(String topic) {
    List<AgentSpec> named = agentsByTopic.get(topic);
    if (named != null) {
      return List.copyOf(named);
    }
    if (!finds(topic)) {
      return List.of();
    }
    List<AgentSpec> found =
        streams.byPattern().stream()
            .filter(agent -> agent.matches().test(topic))
            .map(agent -> agent.of().apply(topic))
            .toList();
    requireSameLanes(app, found);
    return found;
  }

  /// Whether a topic is read because of its name's pattern alone.
  public boolean finds(String topic) {
    return streams.byPattern().stream().anyMatch(agent -> agent.matches().test(topic))
        && !topics.contains(topic)
        && !isOwn(app, topic);
  }

  public boolean hasPatterns() {
    return !streams.byPattern().isEmpty();
  }

  /// How many events of a partition of a topic are handled at a time.
  public LaneSpec lanes(String topic) {
    return agents(topic).stream()
        .filter(agent -> !agent.follows())
        .findFirst()
        .map(AgentSpec::lanes)
        .orElse(LaneSpec.SEQUENTIAL);
  }

  public String changelog(String table) {
    return app + "-" + table + CHANGELOG;
  }

  /// The topic through which an app sends itself events under another key.
  public static String repartitionTopic(String app, String agent) {
    return app + "-" + agent + REPARTITION;
  }

  /// Whether a topic is one through which the app sends events to itself under another key.
  public boolean isBetween(String topic) {
    return streams.repartitions().stream().anyMatch(between -> between.topic().equals(topic));
  }

  /// Whether the engine keeps a name for topics of its own, or Kafka does.
  public static boolean isOwn(String app, String topic) {
    return topic.startsWith("__")
        || (topic.startsWith(app + "-")
            && (topic.endsWith(CHANGELOG)
                || topic.endsWith(REPARTITION)
                || topic.equals(leaderTopic(app))
                || topic.equals(app + "-audit")
                || topic.equals(repliesTopic(app))
                || topic.equals(app + "-dead-letters")));
  }

  public String auditTopic() {
    return app + "-audit";
  }

  public String deadLetterTopic() {
    return app + "-dead-letters";
  }

  private static void requireNotReserved(String app, String topic) {
    if (isOwn(app, topic)) {
      throw new IllegalStateException(
          "app "
              + app
              + ": topic "
              + topic
              + " has a name that is kept for topics that the engine makes (changelogs, repartition topics, answers, dead letters) or Kafka; choose another");
    }
  }

  private static void requireRead(String app, Repartition between, Set<String> read) {
    if (!read.contains(between.topic())) {
      throw new IllegalStateException(
          "app "
              + app
              + ": no agent reads what groupBy(...) or through(...) sends to topic "
              + between.topic()
              + ", where it would lie for ever; give the stream that it returned to app.agent(...)");
    }
  }

  private static void requireNoTables(String app, PatternAgent agent) {
    if (!agent.tables().isEmpty()) {
      throw new IllegalStateException(
          "app "
              + app
              + ": agent "
              + agent.name()
              + " reads the topics that match "
              + agent.pattern()
              + " and uses tables "
              + agent.tables()
              + ", but a key's events would be in several partitions, and the table in each; bring them together first, by groupBy(...) or through(...), and use the tables behind it");
    }
  }

  /// Agents of one topic handle an event together, so they have one lane for it.
  private static void requireSameLanes(String app, List<AgentSpec> agents) {
    AgentSpec first =
        agents.stream().filter(agent -> !agent.follows()).findFirst().orElse(agents.getFirst());
    for (AgentSpec other : agents) {
      if (!other.follows() && !other.lanes().equals(first.lanes())) {
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
                  + ", whose partitions this engine cannot keep together; re-key into one topic first: app.stream(...).groupBy(...) or .through(...), and use the table in the agent behind it, or join the topics: app.join(...)");
    };
  }
}
