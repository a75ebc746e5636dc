package dev.gretchen.engine.internal.task;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A record that an event sends, waiting for the commit.
///
/// @param partition of the target topic, or -1 to have it chosen by the key
/// @param timestamp negative for none: the producer gives it one
/// @param sourceOffset of the event that sent it
public record Output(
    String topic,
    int partition,
    byte @Nullable [] key,
    byte @Nullable [] value,
    long timestamp,
    Headers headers,
    long sourceOffset) {

  /// What a record costs beside key and value, roughly: headers, lineage and the objects that hold
  /// it.
  private static final int OVERHEAD = 240;

  public int size() {
    return OVERHEAD + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
  }
}
