package dev.gretchen.engine.internal.join;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// The side of a join that an event is of.
///
/// Both sides go through one topic, where each record says in a header which one it is of. The last
/// such header counts: whatever a producer wrote there stands before it.
public enum Side {
  LEFT("left"),
  RIGHT("right");

  /// The header of a record in the topic of a join, with `left` or `right`.
  public static final String HEADER = "gretchen-join-side";

  private final String word;

  Side(String word) {
    this.word = word;
  }

  /// Which side a record is of.
  ///
  /// @throws IllegalStateException where it does not say
  public static Side of(ConsumerRecord<byte[], byte[]> source) {
    Header header = source.headers().lastHeader(HEADER);
    String word = header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    return switch (word) {
      case "left" -> LEFT;
      case "right" -> RIGHT;
      default ->
          throw new IllegalStateException(
              "topic "
                  + source.topic()
                  + " is between the sides of a join and the join, and the record at "
                  + source.partition()
                  + "@"
                  + source.offset()
                  + " has no header "
                  + HEADER
                  + " of left or right, found '"
                  + word
                  + "'; send events to the topics that are joined, never to this one");
    };
  }

  /// The value of the header.
  public byte[] word() {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  public Side other() {
    return this == LEFT ? RIGHT : LEFT;
  }
}
