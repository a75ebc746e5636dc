package dev.gretchen.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What to measure, and where to put it.
///
/// @param home the folder of this project, built
/// @param workers how many there are
/// @param connections to each worker
/// @param hot how many of all are in the room in which the rate is raised
/// @param seconds how long a step lasts
/// @param quick whether steps are those of a quick look
/// @param out folder for raw data and logs
/// @param results the page to write
/// @param command how to do it again
public record FanoutOptions(
    Path home,
    int workers,
    int connections,
    int hot,
    int seconds,
    boolean quick,
    Path out,
    Path results,
    List<String> command) {

  public static final int CONNECTIONS = 15_000;
  public static final int CONNECTIONS_QUICK = 2_000;
  public static final int SECONDS = 10;
  public static final int SECONDS_QUICK = 4;

  /// More would not find room in the open files of one process on some machines.
  static final int CLIENTS_PER_PROCESS = 15_000;

  /// Over how many rooms all are spread that are not in the hot one.
  static final int ROOMS = 15;

  /// The room whose rate is raised.
  public static final String HOT_ROOM = "hot";

  /// In the hot room, posts a second of the first step, and by how much the next one has more.
  static final double FIRST_RATE = 10;

  static final double RATE_STEP = 1.4;

  /// A step is sustained where so much of what was due has come, and nearly all of it so soon.
  static final double DELIVERED_MIN = 0.95;

  static final Duration P99_MAX = Duration.ofSeconds(2);

  public FanoutOptions {
    command = List.copyOf(command);
    within("--workers", workers, 1, 8);
    within("--connections", connections, 1, 20_000);
    within("--hot", hot, 1, connections);
    within("--seconds", seconds, 1, 600);
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s: expected %,d to %,d, found %,d", option, least, most, value));
    }
  }

  /// Connections to all workers.
  int all() {
    return workers * connections;
  }
}
