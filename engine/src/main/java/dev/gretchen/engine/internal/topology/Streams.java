package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.internal.channel.ChannelSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an app has beside agents that read topics by name.
///
/// @param repartitions in order of declaration: a source that is one itself stands before
/// @param byPattern in order of declaration
/// @param globals tables that every worker has all of
/// @param answering topic -> the agent that answers questions which are sent there
/// @param channels in the memory of each worker
public record Streams(
    List<Repartition> repartitions,
    List<PatternAgent> byPattern,
    List<GlobalSpec> globals,
    Map<String, String> answering,
    List<ChannelSpec> channels) {

  public static final Streams NONE = new Streams(List.of(), List.of());

  public Streams {
    repartitions = List.copyOf(repartitions);
    byPattern = List.copyOf(byPattern);
    globals = List.copyOf(globals);
    channels = List.copyOf(channels);
    answering = Collections.unmodifiableMap(new LinkedHashMap<>(answering));
  }

  /// Without agents that answer, and without channels.
  public Streams(
      List<Repartition> repartitions, List<PatternAgent> byPattern, List<GlobalSpec> globals) {
    this(repartitions, byPattern, globals, Map.of(), List.of());
  }

  /// Without global tables.
  public Streams(List<Repartition> repartitions, List<PatternAgent> byPattern) {
    this(repartitions, byPattern, List.of());
  }

  /// Whether a topic is copied to every worker.
  public boolean isCopied(String topic) {
    return globals.stream().anyMatch(global -> global.topic().equals(topic));
  }
}
