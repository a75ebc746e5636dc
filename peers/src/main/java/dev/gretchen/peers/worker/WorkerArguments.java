package dev.gretchen.peers.worker;

import dev.gretchen.peers.contract.Palette;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The command line of a peer's worker: `--name=value` or `--name value`, the same options as a
/// worker of the engine has, and those of the peer.
///
/// @param connection what connects every Kafka client
/// @param worker its slot: disk and transactional id belong to it
/// @param httpPort port on loopback
/// @param own the peer's own options
public record WorkerArguments(
    Map<String, String> connection,
    String worker,
    Path stateDirectory,
    int httpPort,
    Guarantee guarantee,
    Duration commitInterval,
    Palette palette,
    Program program,
    Map<String, String> own) {

  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  public WorkerArguments {
    connection = Map.copyOf(connection);
    own = Map.copyOf(own);
  }

  /// Reads a command line; `GRETCHEN_CLIENT_CONFIG` of the environment counts too.
  ///
  /// @param ownNames names of the peer's own options
  /// @throws IllegalArgumentException naming what is not understood, in one sentence
  public static WorkerArguments of(
      List<String> arguments, Map<String, String> environment, List<String> ownNames) {
    Map<String, String> given = pairs(arguments);
    Map<String, String> own = new HashMap<>();
    for (String name : ownNames) {
      String value = given.remove(name);
      if (value != null) {
        own.put(name, value);
      }
    }
    Map<String, String> connection = new HashMap<>();
    String file = take(given, "config", environment.getOrDefault("GRETCHEN_CLIENT_CONFIG", ""));
    if (!file.isEmpty()) {
      connection.putAll(read(Path.of(file)));
    }
    String bootstrap = take(given, "bootstrap", "");
    if (!bootstrap.isEmpty()) {
      connection.put("bootstrap.servers", bootstrap);
    }
    if (!connection.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException(
          "--bootstrap is missing: the Kafka brokers as HOST:PORT,...");
    }
    String worker = take(given, "worker", "w1");
    WorkerArguments read =
        new WorkerArguments(
            connection,
            worker,
            Path.of(take(given, "state-dir", "state/" + worker)),
            number(given, "http-port", 0, 0, 65_535),
            Guarantee.parse(take(given, "guarantee", "exactly-once")),
            Duration.ofMillis(
                number(given, "commit-interval", (int) COMMIT_INTERVAL.toMillis(), 1, 60_000)),
            Palette.parse(take(given, "palette", "primary")),
            Program.parse(take(given, "program", "word-colors")),
            own);
    if (!given.isEmpty()) {
      List<String> known =
          new ArrayList<>(
              List.of(
                  "bootstrap",
                  "config",
                  "worker",
                  "state-dir",
                  "http-port",
                  "guarantee",
                  "commit-interval",
                  "palette",
                  "program"));
      known.addAll(ownNames);
      throw new IllegalArgumentException(
          "unknown option --" + given.keySet().iterator().next() + "; the options are " + known);
    }
    return read;
  }

  /// An option of the peer's own.
  public String own(String name, String byDefault) {
    return own.getOrDefault(name, byDefault);
  }

  private static Map<String, String> pairs(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException("expected --name=value, found '" + argument + "'");
      } else if (equals > 0) {
        given.put(argument.substring(2, equals), argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        given.put(argument.substring(2), arguments.get(++i));
      } else {
        throw new IllegalArgumentException("option " + argument + " needs a value");
      }
    }
    return given;
  }

  private static String take(Map<String, String> given, String name, String byDefault) {
    String value = given.remove(name);
    return value == null ? byDefault : value;
  }

  private static int number(
      Map<String, String> given, String name, int byDefault, int least, int most) {
    String text = take(given, name, Integer.toString(byDefault));
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "--"
            + name
            + ": expected a number from "
            + least
            + " to "
            + most
            + ", found '"
            + text
            + "'");
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException cause) {
      throw new IllegalArgumentException(
          "client configuration " + file + " cannot be read: " + cause, cause);
    }
    Map<String, String> map = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }
}
