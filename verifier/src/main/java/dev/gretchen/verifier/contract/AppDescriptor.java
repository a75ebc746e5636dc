package dev.gretchen.verifier.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
/// @param offer what it is offered there
/// @param outside what it does beside its streams and tables
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
    List<Table> tables,
    Offer offer,
    Outside outside) {

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
  /// @param service the service that an enrichment comes from, empty for other kinds
  /// @param confirmedBy the service that confirms each enrichment, empty where none does
  /// @param by what a gathered stream has its keys from, `page` or `user`; empty for other kinds
  /// @param of the tables whose late events or closed windows it holds
  /// @param every the period of the timer whose moments it holds, null for other kinds
  public record Stream(
      String topic,
      StreamKind kind,
      String source,
      String service,
      String confirmedBy,
      String by,
      List<String> of,
      @Nullable Duration every) {
    public Stream {
      of = List.copyOf(of);
    }
  }

  /// What an app is offered.
  ///
  /// @param rate events a second unless told otherwise, 0 for the judge's own default
  /// @param moreInputs topics beside the input that take a part of the load
  public record Offer(LoadKind load, double rate, List<String> moreInputs) {
    public Offer {
      moreInputs = List.copyOf(moreInputs);
    }
  }

  /// What an app does beside its streams and tables.
  ///
  /// @param deadLetters the topic of what it puts aside, null where that is not judged
  /// @param services what it calls
  /// @param memoryMib what a worker's process may have resident at any time, 0 where it promises
  ///   nothing
  public record Outside(@Nullable String deadLetters, List<Service> services, int memoryMib) {
    public Outside {
      services = List.copyOf(services);
    }

    /// The service of a name.
    public Service service(String name) {
      return services.stream()
          .filter(service -> service.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no service is called " + name));
    }
  }

  /// A service that an app calls, and what it promises in calling it.
  ///
  /// @param timeout after which a caller gives up a call
  /// @param pause the least between a call that failed and the next for the same event
  /// @param inFlight how many calls a worker has under way at the most
  /// @param failures how many calls may fail in a row, of one worker, before it tries no more than
  ///   `probes` a second
  /// @param probes how many calls a second a worker makes where all of them fail
  public record Service(
      String name, Duration timeout, Duration pause, int inFlight, int failures, int probes) {}

  /// A table that the app keeps.
  ///
  /// @param source the topic whose events it is made of
  /// @param changelog the topic of its changelog
  /// @param span how long what it holds goes on, null for a plain table
  /// @param follows the topic that its app consumes for it: the source, unless that is a topic that
  ///   the same handler writes
  /// @param sums the field of its values that adds up a quantity, null where there is none
  public record Table(
      String name,
      TableKind kind,
      String source,
      String changelog,
      @Nullable Span span,
      String follows,
      @Nullable String sums) {

    /// How long what it holds goes on.
    ///
    /// @throws IllegalStateException for a plain table, which holds it for ever
    public Span requiredSpan() {
      Span known = span;
      if (known == null) {
        throw new IllegalStateException("table " + name + " of kind " + kind.word() + " is plain");
      }
      return known;
    }
  }

  /// How long something goes on that a table holds, counted in stream time.
  ///
  /// @param size of a window; of sessions, the gap that ends them; of a key that expires, how long
  ///   it lives without an event
  /// @param step between the starts of two windows, the size where they do not overlap
  /// @param grace how long after its end a window still takes events
  /// @param retention how long after its end a window is kept
  public record Span(Duration size, Duration step, Duration grace, Duration retention) {
    public Span {
      if (step.toMillis() < 1
          || size.compareTo(step) < 0
          || grace.isNegative()
          || retention.compareTo(grace) < 0) {
        throw new IllegalArgumentException(
            "expected a step of at least 1 ms, a size not below it, and a retention not below the"
                + " grace, found "
                + step
                + ", "
                + size
                + ", "
                + retention
                + " and "
                + grace);
      }
    }
  }

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

  /// The table of a name.
  public Table table(String table) {
    return tables.stream()
        .filter(each -> each.name().equals(table))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no table is called " + table));
  }

  /// Whether a stream is made of the events of a topic; a gathered one is of every input.
  public boolean isMadeOf(Stream stream, String topic) {
    return stream.kind() == StreamKind.GATHERED
        ? inputs().contains(topic)
        : stream.source().equals(topic);
  }

  /// The topics that take the load, the input first.
  public List<String> inputs() {
    List<String> inputs = new ArrayList<>(List.of(input));
    inputs.addAll(offer.moreInputs());
    return inputs;
  }

  /// Every topic whose log a judge must hold, input first, audit last.
  public SequencedSet<String> topics() {
    SequencedSet<String> topics = new LinkedHashSet<>();
    topics.addAll(inputs());
    streams.forEach(stream -> topics.add(stream.topic()));
    tables.forEach(table -> topics.add(table.changelog()));
    if (outside.deadLetters() != null) {
      topics.add(outside.deadLetters());
    }
    if (auditTopic != null) {
      topics.add(auditTopic);
    }
    return topics;
  }

  /// The topics that the app's group consumes, and commits offsets of.
  public SequencedSet<String> sources() {
    SequencedSet<String> sources = new LinkedHashSet<>();
    sources.addAll(inputs());
    streams.forEach(stream -> sources.add(stream.source()));
    tables.forEach(table -> sources.add(table.follows()));
    return sources;
  }
}
