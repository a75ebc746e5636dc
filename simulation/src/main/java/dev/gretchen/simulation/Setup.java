package dev.gretchen.simulation;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;

/// What a schedule runs on.
///
/// @param app what the workers run
/// @param workers at the beginning
/// @param wordsPartitions partitions of each input topic
/// @param colorsPartitions partitions of the topics that the app writes
/// @param load what is sent; its rate is event time, not the pace at which it is sent
/// @param sending how long the sending takes
/// @param latencyMicros how long a request or a reply is usually on its way
/// @param markerMicros how long the marker of a transaction's end is usually on its way
/// @param fetchedMax records with which the brokers answer a fetch at most
/// @param skewMillis by how much workers' clocks may differ from the brokers'
/// @param standbys copies of each table partition on other workers
/// @param acceptableLag changelog records that a worker may lack of what it is given
/// @param racks on which the workers stand, in turns; 1 if they do not say
/// @param concurrency events of a partition that the app handles at a time; 1 for the app as it is
///   shipped, else it is one with handlers that wait and fail ([WaitingWordColors])
/// @param take events that the app handles together; 1 for each by itself, more for the app with
///   handlers that wait
public record Setup(
    SimulatedApp app,
    int workers,
    int wordsPartitions,
    int colorsPartitions,
    Guarantee guarantee,
    Duration commitInterval,
    LoadShape load,
    Duration sending,
    int latencyMicros,
    int markerMicros,
    int fetchedMax,
    int skewMillis,
    int standbys,
    long acceptableLag,
    int racks,
    int concurrency,
    int take) {

  private static final int SKEW_OF_CLOCKS_THAT_AGREE = 5;

  /// With word-colors, which handles each event by itself or several at a time.
  public Setup(
      int workers,
      int wordsPartitions,
      int colorsPartitions,
      Guarantee guarantee,
      Duration commitInterval,
      LoadShape load,
      Duration sending,
      int latencyMicros,
      int markerMicros,
      int fetchedMax,
      int skewMillis,
      int standbys,
      long acceptableLag,
      int racks,
      int concurrency) {
    this(
        SimulatedApp.WORD_COLORS,
        workers,
        wordsPartitions,
        colorsPartitions,
        guarantee,
        commitInterval,
        load,
        sending,
        latencyMicros,
        markerMicros,
        fetchedMax,
        skewMillis,
        standbys,
        acceptableLag,
        racks,
        concurrency,
        1);
  }

  /// The same with another placement of copies.
  Setup with(int copies, long lag, int stands) {
    return new Setup(
        app,
        workers,
        wordsPartitions,
        colorsPartitions,
        guarantee,
        commitInterval,
        load,
        sending,
        latencyMicros,
        markerMicros,
        fetchedMax,
        skewMillis,
        copies,
        lag,
        stands,
        concurrency,
        take);
  }

  /// The same with an app that handles several events at a time.
  Setup concurrent(int events) {
    return new Setup(
        app,
        workers,
        wordsPartitions,
        colorsPartitions,
        guarantee,
        commitInterval,
        load,
        sending,
        latencyMicros,
        markerMicros,
        fetchedMax,
        skewMillis,
        standbys,
        acceptableLag,
        racks,
        events,
        take);
  }

  /// The same with an app that handles several events together.
  Setup taking(int events) {
    return new Setup(
        app,
        workers,
        wordsPartitions,
        colorsPartitions,
        guarantee,
        commitInterval,
        load,
        sending,
        latencyMicros,
        markerMicros,
        fetchedMax,
        skewMillis,
        standbys,
        acceptableLag,
        racks,
        concurrency,
        events);
  }

  /// The same with the app that keeps windows: as it is shipped, exactly once, and on clocks that
  /// agree, because the moments of its timer are judged by when they came.
  ///
  /// @param pages what is sent
  /// @param longer how long the sending takes
  Setup windows(LoadShape pages, Duration longer) {
    return new Setup(
        SimulatedApp.WINDOWS,
        workers,
        wordsPartitions,
        colorsPartitions,
        Guarantee.EXACTLY_ONCE,
        commitInterval,
        pages,
        longer,
        latencyMicros,
        markerMicros,
        fetchedMax,
        Math.min(skewMillis, SKEW_OF_CLOCKS_THAT_AGREE),
        standbys,
        acceptableLag,
        racks,
        1,
        1);
  }

  /// Whether the app is the one that is shipped.
  boolean isShippedApp() {
    return concurrency == 1 && take == 1;
  }
}
