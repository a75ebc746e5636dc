package dev.gretchen.bench;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Who is measured at taking over: word-colors as it is verified, by its descriptor.
public enum TakeoverSide {
  /// With one standby.
  ENGINE("engine", "the engine", "apps/word-colors/gretchen.yaml", "/verify", 1, 100),
  /// Session 6 s, heartbeat 1 s, one standby, static members.
  STREAMS_TUNED(
      "streams-tuned",
      "Kafka Streams, tuned",
      "peers/kafka-streams/tuned.yaml",
      "/standbys",
      1,
      20),
  /// As shipped: session 45 s, no standby.
  STREAMS_DEFAULT(
      "streams-default",
      "Kafka Streams, default",
      "peers/kafka-streams/gretchen.yaml",
      "/standbys",
      0,
      3);

  private final String word;
  private final String label;
  private final String descriptor;
  private final String copies;
  private final int standbys;
  private final int faults;

  TakeoverSide(
      String word, String label, String descriptor, String copies, int standbys, int faults) {
    this.word = word;
    this.label = label;
    this.descriptor = descriptor;
    this.copies = copies;
    this.standbys = standbys;
    this.faults = faults;
  }

  /// The word on the command line and in raw data.
  public String word() {
    return word;
  }

  /// For people.
  String label() {
    return label;
  }

  /// Its descriptor, relative to the project.
  String descriptor() {
    return descriptor;
  }

  /// Where a worker tells what copies it keeps.
  String copies() {
    return copies;
  }

  /// Copies of each table partition beside its owner's.
  int standbys() {
    return standbys;
  }

  /// How often it is hit where nobody says otherwise: enough for a 99th percentile here, fewer
  /// where each takes the better part of a minute.
  int faults() {
    return faults;
  }

  /// Reads a comma-separated list of words.
  ///
  /// @throws IllegalArgumentException naming those that there are
  public static SequencedSet<TakeoverSide> parse(String text) {
    SequencedSet<TakeoverSide> sides = new LinkedHashSet<>();
    for (String name : text.split(",", -1)) {
      sides.add(
          Arrays.stream(values())
              .filter(side -> side.word.equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "--sides: expected some of engine, streams-tuned and streams-default, found '"
                          + name
                          + "'")));
    }
    return sides;
  }
}
