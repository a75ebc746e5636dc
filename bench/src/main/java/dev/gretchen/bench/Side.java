package dev.gretchen.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is compared. All sides get the same JVM, heap, collector, commit interval and brokers.
public enum Side {
  ENGINE("engine", "the engine", "engine", ""),
  ENGINE_AT_LEAST_ONCE(
      "engine-at-least-once", "the engine, at least once", "engine", "--guarantee=at-least-once"),
  /// The engine of another folder, such as a copy made before a change.
  ENGINE_BEFORE("engine-before", "the engine before", "engine", ""),
  STREAMS("streams", "Kafka Streams, default", "streams", "--profile=default"),
  STREAMS_TUNED("streams-tuned", "Kafka Streams, tuned", "streams", "--profile=tuned"),
  FLOOR("floor", "floor program", "floor", "");

  /// Serial, because two cores are shared with the brokers; fixed, because a heap that grows would
  /// make the first rounds differ.
  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-Xms1g", "-Xmx1g", "--enable-native-access=ALL-UNNAMED");

  private final String word;
  private final String label;
  private final String kind;
  private final String own;

  Side(String word, String label, String kind, String own) {
    this.word = word;
    this.label = label;
    this.kind = kind;
    this.own = own;
  }

  /// The word on the command line and in raw data.
  public String word() {
    return word;
  }

  /// For people.
  String label() {
    return label;
  }

  /// Its consumer group.
  String group(Stage stage) {
    return switch (stage) {
      case COUNT -> isEngine() ? "count-stage" : "count-" + kind;
      case APP -> isEngine() ? "word-colors" : "word-colors-" + kind;
    };
  }

  boolean isEngine() {
    return kind.equals("engine");
  }

  private String program(Stage stage) {
    return switch (this) {
      case FLOOR -> "dev.gretchen.peers.floor.FloorPeer";
      case STREAMS, STREAMS_TUNED -> "dev.gretchen.peers.streams.StreamsPeer";
      case ENGINE, ENGINE_AT_LEAST_ONCE, ENGINE_BEFORE ->
          switch (stage) {
            case COUNT -> "dev.gretchen.bench.stage.CountStage";
            case APP -> "dev.gretchen.apps.wordcolors.WordColors";
          };
    };
  }

  private Path lib(Path home, Stage stage) {
    if (!isEngine()) {
      return home.resolve("peers/target/lib");
    }
    return switch (stage) {
      case COUNT -> home.resolve("bench/target/lib");
      case APP -> home.resolve("apps/word-colors/target/lib");
    };
  }

  /// The command that starts its one worker.
  ///
  /// @param home the folder of the project that it is taken from, built
  /// @param more further options for the JVM
  List<String> command(
      Path home, Workload workload, String bootstrap, Path state, List<String> more) {
    Stage stage = workload.stage();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(more);
    command.addAll(List.of("-cp", jars(lib(home, stage)), program(stage)));
    command.addAll(
        List.of(
            "--bootstrap=" + bootstrap,
            "--worker=w1",
            "--state-dir=" + state,
            "--commit-interval=" + Workload.COMMIT_INTERVAL.toMillis()));
    if (isEngine()) {
      // it adapts, and would commit more often where commits are quick
      command.add("--commit-interval-min=" + Workload.COMMIT_INTERVAL.toMillis());
    } else {
      command.add("--program=" + stage.program());
    }
    if (stage == Stage.APP) {
      command.add("--palette=" + workload.palette());
    }
    if (!own.isEmpty()) {
      command.add(own);
    }
    return command;
  }

  /// The command that starts a worker as all sides do, in the same JVM.
  static List<String> workerOn(Path lib, String program, List<String> options) {
    return programOn(lib, JVM, program, options);
  }

  /// The command that starts a program on the jars of a folder.
  static List<String> programOn(
      Path lib, List<String> jvm, String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-cp", jars(lib), program));
    command.addAll(arguments);
    return command;
  }

  private static String jars(Path lib) {
    try (Stream<Path> files = Files.list(lib)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException cause) {
      throw new UncheckedIOException(lib + " cannot be read; is the project built?", cause);
    }
  }

  /// Reads a comma-separated list of words.
  ///
  /// @throws IllegalArgumentException naming those that there are
  public static SequencedSet<Side> parse(String text) {
    SequencedSet<Side> sides = new LinkedHashSet<>();
    for (String name : text.split(",", -1)) {
      sides.add(
          Arrays.stream(values())
              .filter(side -> side.word.equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "--sides: expected some of engine, engine-at-least-once, streams, streams-tuned and"
                          + " floor (and engine-before, by --against), found '"
                          + name
                          + "'")));
    }
    return sides;
  }
}
