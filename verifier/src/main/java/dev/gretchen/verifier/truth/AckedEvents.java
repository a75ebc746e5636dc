package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.load.Ack;
import java.util.Iterator;

/// What the producer said about the load, by input partition.
public interface AckedEvents {

  /// What it said of a partition's events, in the order in which it said it; streamed.
  Iterator<Ack> acks(int partition);
}
