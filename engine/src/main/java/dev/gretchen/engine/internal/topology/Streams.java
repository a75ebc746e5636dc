package dev.gretchen.engine.internal.topology;

import java.util.List;

/// What an app has beside agents that read topics by name.
///
/// @param repartitions in order of declaration: a source that is one itself stands before
/// @param byPattern in order of declaration
public record Streams(List<Repartition> repartitions, List<PatternAgent> byPattern) {

  public static final Streams NONE = new Streams(List.of(), List.of());

  public Streams {
    repartitions = List.copyOf(repartitions);
    byPattern = List.copyOf(byPattern);
  }
}
