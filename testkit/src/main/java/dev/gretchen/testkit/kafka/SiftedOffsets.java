package dev.gretchen.testkit.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// Offsets that somebody wants to commit: those that can be, and why the others cannot. The others
/// do not keep them back.
///
/// @param refused [Errors#NONE] if none is refused, else the error of one that is
record SiftedOffsets(Map<TopicPartition, OffsetAndMetadata> accepted, Errors refused) {

  /// The longest metadata that a broker takes, in characters: Kafka's default.
  private static final int METADATA_MAX = 4_096;

  static SiftedOffsets of(
      Map<TopicPartition, OffsetAndMetadata> offsets, Predicate<TopicPartition> exists) {
    Map<TopicPartition, OffsetAndMetadata> accepted = new LinkedHashMap<>();
    Errors refused = Errors.NONE;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : offsets.entrySet()) {
      if (!exists.test(entry.getKey())) {
        refused = Errors.UNKNOWN_TOPIC_OR_PARTITION;
      } else if (entry.getValue().metadata().length() > METADATA_MAX) {
        refused = Errors.OFFSET_METADATA_TOO_LARGE;
      } else {
        accepted.put(entry.getKey(), entry.getValue());
      }
    }
    return new SiftedOffsets(accepted, refused);
  }

  /// Whether there is nothing to commit because none of the topics exists: then nobody is asked
  /// whether the member may.
  boolean isOfUnknownTopicsOnly() {
    return accepted.isEmpty() && refused == Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }

  /// The error of the whole request.
  ///
  /// @param ofMember of who asks, which goes before any of a single offset
  Errors error(Errors ofMember) {
    return ofMember == Errors.NONE ? refused : ofMember;
  }
}
