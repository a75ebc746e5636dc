package dev.gretchen.engine.internal.topology;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A topic of the engine's own, through which an app sends events under another key to itself.
///
/// @param topic its name
/// @param sources the topics that its events come from
/// @param pattern finds more of them; null for none
/// @param partitions 0 for as many as the largest source has
public record Repartition(
    String topic, List<String> sources, @Nullable Predicate<String> pattern, int partitions) {

  public Repartition {
    sources = List.copyOf(sources);
  }
}
