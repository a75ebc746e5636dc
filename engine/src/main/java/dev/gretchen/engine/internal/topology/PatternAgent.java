package dev.gretchen.engine.internal.topology;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// An agent of topics that a pattern finds, of which nobody knows beforehand which they are.
///
/// @param name of the agent
/// @param pattern as the app wrote it
/// @param matches whether a topic's name matches
/// @param tables names of the tables that it declared
/// @param of the agent as it reads one of the topics
public record PatternAgent(
    String name,
    String pattern,
    Predicate<String> matches,
    List<String> tables,
    Function<String, AgentSpec> of) {

  public PatternAgent {
    tables = List.copyOf(tables);
  }
}
