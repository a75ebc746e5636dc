package dev.gretchen.simulation;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.verifier.load.LoadShape;
import java.time.Duration;

/// What a schedule runs on.
///
/// @param workers at the beginning
/// @param wordsPartitions partitions of the input topic
/// @param colorsPartitions partitions of the topic between the agents
/// @param load what is sent; its rate is event time, not the pace at which it is sent
/// @param sending how long the sending takes
/// @param latencyMicros how long a request or a reply is usually on its way
/// @param markerMicros how long the marker of a transaction's end is usually on its way
/// @param fetchedMax records with which the brokers answer a fetch at most
/// @param skewMillis by how much workers' clocks may differ from the brokers'
/// @param standbys copies of each table partition on other workers
/// @param acceptableLag changelog records that a worker may lack of what it is given
/// @param racks on which the workers stand, in turns; 1 if they do not say
public record Setup(
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
    int racks) {

  /// The same with another placement of copies.
  Setup with(int copies, long lag, int stands) {
    return new Setup(
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
        stands);
  }
}
