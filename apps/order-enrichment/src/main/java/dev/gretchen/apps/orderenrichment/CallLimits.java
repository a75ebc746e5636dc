package dev.gretchen.apps.orderenrichment;

import dev.gretchen.engine.WorkerOptions;
import java.time.Duration;

/// How a service may be called.
///
/// @param timeout of one call
/// @param deadline of a call with all its retries; then the event is a dead letter
/// @param firstPause before the first retry; doubled with each, up to [#PAUSE_MAX]
/// @param inFlight how many calls at a time, of this worker
/// @param failures how many of the last [#JUDGED] calls may fail before none is tried for a while
/// @param openFor how long none is tried then
public record CallLimits(
    Duration timeout,
    Duration deadline,
    Duration firstPause,
    int inFlight,
    int failures,
    Duration openFor) {

  /// Pauses between retries do not grow beyond.
  public static final Duration PAUSE_MAX = Duration.ofSeconds(2);

  /// How many calls the circuit breaker looks at.
  public static final int JUDGED = 16;

  /// The default.
  public static CallLimits standard() {
    return new CallLimits(
        Duration.ofSeconds(2),
        Duration.ofSeconds(45),
        Duration.ofMillis(50),
        64,
        8,
        Duration.ofMillis(500));
  }

  /// Takes the options of a service: `--<service>-timeout`, `-deadline`, `-pause`, `-in-flight`,
  /// `-failures` and `-open-for`, times in milliseconds.
  static CallLimits of(WorkerOptions options, String service) {
    CallLimits byDefault = standard();
    Duration deadline = millis(options, service + "-deadline", byDefault.deadline());
    Duration pause = millis(options, service + "-pause", byDefault.firstPause());
    if (pause.compareTo(PAUSE_MAX) >= 0 || pause.compareTo(deadline) >= 0) {
      throw new IllegalArgumentException(
          "--"
              + service
              + "-pause: expected less than "
              + PAUSE_MAX.toMillis()
              + " and than the deadline of "
              + deadline.toMillis()
              + " ms, found "
              + pause.toMillis());
    }
    return new CallLimits(
        millis(options, service + "-timeout", byDefault.timeout()),
        deadline,
        pause,
        (int) number(options, service + "-in-flight", byDefault.inFlight()),
        (int) Math.min(JUDGED, number(options, service + "-failures", byDefault.failures())),
        millis(options, service + "-open-for", byDefault.openFor()));
  }

  private static Duration millis(WorkerOptions options, String name, Duration byDefault) {
    return Duration.ofMillis(number(options, name, byDefault.toMillis()));
  }

  private static long number(WorkerOptions options, String name, long byDefault) {
    String text = options.take(name, Long.toString(byDefault));
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "--" + name + ": expected a number above zero, found '" + text + "'");
    }
    return Long.parseLong(text);
  }
}
