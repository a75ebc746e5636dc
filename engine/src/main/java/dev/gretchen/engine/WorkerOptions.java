package dev.gretchen.engine;

import dev.gretchen.engine.internal.worker.EngineSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/// The command line of a worker: `--name=value` or `--name value`.
///
/// An app takes options of its own with [#take] before it starts the worker; what nobody took is
/// refused.
public final class WorkerOptions {

  /// What `--help` prints.
  public static final String HELP =
      """
      --bootstrap=HOST:PORT,...     the Kafka brokers (required)
      --worker=NAME                 this worker's slot: its disk and transactional id belong to it (default w1)
      --state-dir=DIR               where tables live (default state/<worker>)
      --state=disk|memory           RocksDB on disk, or the heap (default disk)
      --standbys=N                  copies of each table partition on other workers, as far as there are any; 0 to 10.
                                    One makes a takeover quick, and takes as much disk and network again (default 1)
      --rack=NAME                   where this worker stands: standbys go to other racks first (default none)
      --acceptable-lag=RECORDS      a table partition moves to a worker that reads its changelog along and lacks
                                    no more records; until then that worker warms up (default 10000)
      --http-port=PORT              endpoints on 127.0.0.1; 0 picks a port (default 0)
      --peer-host=HOST              where the other workers reach this one, on a free port (default 127.0.0.1)
      --guarantee=exactly-once|at-least-once   (default exactly-once)
      --commit-interval=MILLIS      the longest pause between two commits (default 100)
      --commit-interval-min=MILLIS  the shortest: in between it adapts, short where there is little to do (default 10)
      --cache-mb=MEGABYTES          heap for tables' values beside the store (default: a quarter of the heap)
      --create-topics=PARTITIONS    create the app's missing topics with so many partitions (default: refuse)
      --config=FILE                 properties for all Kafka clients, for instance security
      """;

  private static final Set<String> KNOWN =
      Set.of(
          "bootstrap",
          "worker",
          "state-dir",
          "state",
          "standbys",
          "rack",
          "acceptable-lag",
          "http-port",
          "peer-host",
          "guarantee",
          "cache-mb",
          "commit-interval",
          "commit-interval-min",
          "create-topics",
          "config");

  private static final int STANDBYS_MAX = 10;
  private static final int RACK_LENGTH_MAX = 100;

  private final Map<String, String> given = new LinkedHashMap<>();
  private final Map<String, String> environment;

  private WorkerOptions(Map<String, String> environment) {
    this.environment = environment;
  }

  /// Reads a command line. `GRETCHEN_FAILPOINTS` and `GRETCHEN_CLIENT_CONFIG` of the environment
  /// count too.
  public static WorkerOptions of(String... arguments) {
    return of(List.of(arguments), System.getenv());
  }

  /// Reads a command line with a chosen environment.
  ///
  /// @throws IllegalArgumentException naming what is not understood
  public static WorkerOptions of(List<String> arguments, Map<String, String> environment) {
    WorkerOptions options = new WorkerOptions(environment);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException(
            "expected --name=value, found '" + argument + "'; the options are\n" + HELP);
      }
      int equals = argument.indexOf('=');
      if (equals > 0) {
        options.given.put(argument.substring(2, equals), argument.substring(equals + 1));
      } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
        options.given.put(argument.substring(2), arguments.get(++i));
      } else {
        throw new IllegalArgumentException(
            "option " + argument + " needs a value; the options are\n" + HELP);
      }
    }
    return options;
  }

  /// Takes an option of the app's own.
  public String take(String name, String byDefault) {
    String value = given.remove(name);
    return value == null ? byDefault : value;
  }

  /// This worker's name, for whom an app calls.
  public String worker() {
    return option("worker", "w1");
  }

  EngineSettings settings() {
    for (String name : given.keySet()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "unknown option --" + name + "; the options are\n" + HELP);
      }
    }
    String worker = worker();
    String state = option("state", "disk");
    if (!state.equals("disk") && !state.equals("memory")) {
      throw new IllegalArgumentException("--state: expected disk or memory, found '" + state + "'");
    }
    int longest = number("commit-interval", 100, 1, 60_000);
    return new EngineSettings(
        worker,
        Path.of(option("state-dir", "state/" + worker)),
        number("http-port", 0, 0, 65_535),
        option("peer-host", "127.0.0.1"),
        Guarantee.parse(option("guarantee", Guarantee.EXACTLY_ONCE.text())),
        Duration.ofMillis(number("commit-interval-min", Math.min(10, longest), 0, longest)),
        Duration.ofMillis(longest),
        number("create-topics", 0, 0, 10_000),
        environment.getOrDefault("GRETCHEN_FAILPOINTS", ""),
        state.equals("memory"),
        (long) number("cache-mb", quarterOfHeap(), 0, 1_000_000) << 20,
        number("standbys", 1, 0, STANDBYS_MAX),
        rack(),
        number("acceptable-lag", 10_000, 0, Integer.MAX_VALUE));
  }

  private static int quarterOfHeap() {
    return Math.clamp((Runtime.getRuntime().maxMemory() >> 20) / 4, 1, 1_000_000);
  }

  /// What connects every Kafka client to the cluster.
  Map<String, Object> connection() {
    Map<String, Object> connection = new HashMap<>();
    String file = option("config", environment.getOrDefault("GRETCHEN_CLIENT_CONFIG", ""));
    if (!file.isEmpty()) {
      connection.putAll(read(Path.of(file)));
    }
    String bootstrap = given.get("bootstrap");
    if (bootstrap != null) {
      connection.put("bootstrap.servers", bootstrap);
    }
    if (!connection.containsKey("bootstrap.servers")) {
      throw new IllegalArgumentException(
          "--bootstrap is missing: the Kafka brokers as HOST:PORT,...");
    }
    return connection;
  }

  private static Map<String, Object> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException cause) {
      throw new IllegalArgumentException(
          "client configuration " + file + " cannot be read: " + cause, cause);
    }
    Map<String, Object> map = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
    return map;
  }

  private String rack() {
    String rack = option("rack", "");
    if (rack.length() > RACK_LENGTH_MAX || (given.containsKey("rack") && rack.isBlank())) {
      throw new IllegalArgumentException(
          "--rack: expected a name of at most "
              + RACK_LENGTH_MAX
              + " characters, found '"
              + rack
              + "'");
    }
    return rack;
  }

  private String option(String name, String byDefault) {
    return given.getOrDefault(name, byDefault);
  }

  private int number(String name, int byDefault, int least, int most) {
    String text = option(name, Integer.toString(byDefault));
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, with what is expected
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
}
