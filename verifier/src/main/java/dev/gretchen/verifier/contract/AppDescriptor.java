package dev.gretchen.verifier.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// All that the judge knows of an app: how a worker starts, its topics, and what it promises for
/// each.
///
/// @param name the app's name
/// @param guarantee what it claims unless told otherwise
/// @param command the command of a worker, with placeholders
/// @param endpoints which of `readyz`, `metrics`, `verify`, `failpoints` its workers serve
/// @param eventIdHeader the header that carries an event's id
/// @param lineageHeader the header that carries lineage, null where there is none
/// @param auditTopic where workers report what they own, null where they do not
/// @param group the consumer group of its workers
/// @param input the topic that it reads
public record AppDescriptor(
    String name,
    Guarantee guarantee,
    List<String> command,
    List<String> endpoints,
    String eventIdHeader,
    @Nullable String lineageHeader,
    @Nullable String auditTopic,
    String group,
    String input,
    List<Stream> streams,
    List<Table> tables) {

  /// The schema of a descriptor.
  public static final String SCHEMA = "gretchen.app/1";

  public AppDescriptor {
    command = List.copyOf(command);
    endpoints = List.copyOf(endpoints);
    streams = List.copyOf(streams);
    tables = List.copyOf(tables);
  }

  /// A topic that the app writes.
  ///
  /// @param source the topic whose events it is made of
  public record Stream(String topic, StreamKind kind, String source) {}

  /// A table that the app keeps.
  ///
  /// @param source the topic whose events it is made of
  /// @param changelog the topic of its changelog
  /// @param window size of a tumbling window, null for a plain table
  /// @param retention how long after its end a window is kept, null for a plain table
  public record Table(
      String name,
      TableKind kind,
      String source,
      String changelog,
      @Nullable Duration window,
      @Nullable Duration retention) {}

  /// Reads a descriptor file (YAML).
  ///
  /// @throws DescriptorException for the first mistake found
  public static AppDescriptor read(Path file) {
    return DescriptorReader.read(file);
  }

  /// Reads a descriptor that does not lie in a file of its own.
  ///
  /// @param name where it comes from, for what is said of mistakes
  /// @throws DescriptorException for the first mistake found
  public static AppDescriptor parse(String name, String yaml) {
    return DescriptorReader.parse(name, yaml);
  }

  /// Every topic whose log a judge must hold, input first, audit last.
  public SequencedSet<String> topics() {
    SequencedSet<String> topics = new LinkedHashSet<>();
    topics.add(input);
    streams.forEach(stream -> topics.add(stream.topic()));
    tables.forEach(table -> topics.add(table.changelog()));
    if (auditTopic != null) {
      topics.add(auditTopic);
    }
    return topics;
  }

  /// The topics that the app's group consumes, and commits offsets of.
  public SequencedSet<String> sources() {
    SequencedSet<String> sources = new LinkedHashSet<>();
    sources.add(input);
    streams.forEach(stream -> sources.add(stream.source()));
    tables.forEach(table -> sources.add(table.source()));
    return sources;
  }
}
