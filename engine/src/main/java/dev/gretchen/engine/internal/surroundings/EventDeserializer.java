package dev.gretchen.engine.internal.surroundings;

import dev.gretchen.engine.Event;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Takes a record's value as it is, and decodes the header with the event's id on the way.
///
/// Kafka's client decodes headers when they are asked for. That would be in the handler: on another
/// core, milliseconds after the polling thread went through the fetched bytes, which are in
/// nobody's cache by then; decoding there was a third of what a small handler took. It is needed
/// for nearly every event, since whatever an event causes carries its id on. And a header that is
/// not decoded holds the whole fetch in memory, however long the event waits.
final class EventDeserializer extends ByteArrayDeserializer {

  @Override
  public byte @Nullable [] deserialize(String topic, Headers headers, @Nullable ByteBuffer value) {
    Header id = headers.lastHeader(Event.ID_HEADER);
    if (id != null) {
      var _ = id.value();
    }
    return super.deserialize(topic, headers, value);
  }
}
