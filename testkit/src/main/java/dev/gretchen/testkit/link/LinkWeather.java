package dev.gretchen.testkit.link;

/// What lies in the way of links, one direction at a time.
public interface LinkWeather {

  /// How long something is on its way from one process to another, in nanoseconds.
  long latencyNanos(String from, String to);

  /// Until when nothing gets through from one process to another; a time that has passed if
  /// something does.
  long cutUntil(String from, String to);
}
