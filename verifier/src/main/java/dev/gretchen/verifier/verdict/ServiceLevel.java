package dev.gretchen.verifier.verdict;

/// Was a stream up, and how late was it: for one of its partitions or all of them together, over
/// one stretch of a run.
///
/// *Up* is told by seconds: one counts where an event waited for its output when it began, or where
/// output came; the partition was up in it when output came. *Late* is told by events: from the
/// moment at which an event was due to the observation of its first committed output, so that what
/// could not be sent in time counts as late, too.
///
/// @param topic the stream
/// @param partition of the stream, [#ALL] for all of them together
/// @param stretch [#WHOLE], or `before`, `during` or `after` the faults
/// @param events how many had an output
/// @param missing how many never had one
/// @param onTime how many had it within a second
/// @param seconds how many seconds count, over all partitions meant
/// @param up in how many of them committed output moved
/// @param longestSilenceMillis the longest time for which one partition showed nothing while an
///   event waited
/// @param p50Millis median latency
/// @param p99Millis 99th percentile of latency
/// @param p999Millis 99.9th percentile of latency
/// @param maxMillis the largest latency
public record ServiceLevel(
    String topic,
    int partition,
    String stretch,
    long events,
    long missing,
    long onTime,
    long seconds,
    long up,
    long longestSilenceMillis,
    long p50Millis,
    long p99Millis,
    long p999Millis,
    long maxMillis) {

  /// The partition of a row that stands for all.
  public static final int ALL = -1;

  /// The stretch of a row that stands for the whole run.
  public static final String WHOLE = "whole";

  /// Share of the seconds that the stream was up, between 0 and 1.
  public double availability() {
    return seconds == 0 ? 0 : up / (double) seconds;
  }

  /// Share of the events that had their output in time, between 0 and 1.
  public double punctuality() {
    return events + missing == 0 ? 0 : onTime / (double) (events + missing);
  }
}
