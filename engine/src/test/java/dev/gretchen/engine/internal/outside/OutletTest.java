package dev.gretchen.engine.internal.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Appended;
import dev.gretchen.engine.internal.fakes.FakeClients;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutletTest {

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final FakeClients clients = new FakeClients().with(producer);
  private final Outlet outlet = new Outlet(clients, "w1");
  private final List<Appended> told = new ArrayList<>();

  private void append(long id) {
    outlet.append("chat-events", new byte[] {1}, new byte[] {2}, id, told::add);
  }

  @Test
  void tellsWhereARecordIsOnceItIsAcknowledged() {
    append(0x0102030405060708L);
    assertThat(told).isEmpty();
    producer.completeNext();

    assertThat(told).singleElement().isInstanceOf(Appended.Acknowledged.class);
    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertThat(record.headers().lastHeader("event-id").value())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(clients.asked().getFirst())
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .doesNotContainKey("transactional.id");
  }

  @Test
  void tellsWhetherARecordCanHaveArrivedAllTheSame() {
    append(1);
    append(2);
    producer.errorNext(new TimeoutException("15 s"));
    producer.errorNext(new RecordTooLargeException("2 MB"));

    assertThat(told.get(0)).isInstanceOf(Appended.Indeterminate.class);
    assertThat(told.get(1)).isInstanceOf(Appended.Rejected.class);
  }

  /// The first attempt may have arrived, and its answer not.
  @Test
  void callsNothingRefusedThatABrokerMayHaveTaken() {
    append(1);
    append(2);
    producer.errorNext(new KafkaException("Producer is closed forcefully."));
    producer.errorNext(new TopicAuthorizationException("not any more"));

    assertThat(told).hasSize(2).allMatch(Appended.Indeterminate.class::isInstance);
  }

  @Test
  void takesNoMoreThanItCanHold() {
    for (int i = 0; i < Outlet.UNDER_WAY_MAX; i++) {
      append(i);
    }
    assertThat(told).isEmpty();
    append(-1);
    assertThat(told).singleElement().isInstanceOf(Appended.Rejected.class);

    producer.completeNext();
    append(-2);
    assertThat(told).hasSize(2);
    assertThat(told.getLast()).isInstanceOf(Appended.Acknowledged.class);
  }

  @Test
  void takesNothingOnceItIsClosed() {
    append(1);
    outlet.close();
    append(2);

    assertThat(told.getLast()).isInstanceOf(Appended.Rejected.class);
    assertThat(producer.closed()).isTrue();
  }
}
