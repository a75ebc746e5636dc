package dev.gretchen.engine.internal.surroundings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventDeserializerTest {

  private final EventDeserializer deserializer = new EventDeserializer();

  /// As Kafka's client makes it: two slices of what was fetched.
  private static Header fetched(byte[] fetch, int keyBytes) {
    return new RecordHeader(
        ByteBuffer.wrap(fetch, 0, keyBytes),
        ByteBuffer.wrap(fetch, keyBytes, fetch.length - keyBytes));
  }

  @Test
  void theEventsIdNoLongerHoldsWhatWasFetched() {
    byte[] name = Event.ID_HEADER.getBytes(StandardCharsets.UTF_8);
    byte[] fetch = Arrays.copyOf(name, name.length + Long.BYTES);
    fetch[fetch.length - 1] = 42;
    Headers headers = new RecordHeaders().add(fetched(fetch, name.length));

    byte[] value = deserializer.deserialize("t", headers, ByteBuffer.wrap(new byte[] {1, 2}));
    Arrays.fill(fetch, (byte) 0); // whoever still reads the fetch, reads zeros

    assertThat(value).containsExactly(1, 2);
    Header id = headers.lastHeader(Event.ID_HEADER);
    assertThat(id).isNotNull();
    assertThat(id.value()).containsExactly(0, 0, 0, 0, 0, 0, 0, 42);
  }

  @Test
  void aRecordWithoutAnIdIsTakenAsItIs() {
    assertThat(deserializer.deserialize("t", new RecordHeaders(), ByteBuffer.wrap(new byte[] {3})))
        .containsExactly(3);
  }
}
