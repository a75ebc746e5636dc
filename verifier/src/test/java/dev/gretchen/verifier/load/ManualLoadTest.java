package dev.gretchen.verifier.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ManualLoadTest {

  private static final String ID = "event-id";

  private final LoadPlan plan =
      new LoadPlan(LoadShape.uniform(7, 1_000, Duration.ofSeconds(1), 4, "primary"));
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ManualLoad load = new ManualLoad(plan, List.of("words"), ID, producer);

  @Test
  void sendsEachEventOfItsPlanOnceAndEndsWithIt() {
    load.turnTo(ManualLoad.RATE_MAX);
    load.run();
    assertThat(producer.history())
        .hasSize(1_000)
        .extracting(record -> plan.indexOf(id(record)))
        .doesNotHaveDuplicates()
        .doesNotContain(-1L);
  }

  @Test
  void standsStillAtZeroAndStillSendsWhatSomebodyTypes() throws Exception {
    load.turnTo(0);
    Thread runner = Thread.ofVirtual().start(load::run);
    long id = load.sendOwn("by-hand", "red");
    ProducerRecord<byte[], byte[]> only = producer.history().getFirst();
    assertThat(id(only)).isEqualTo(id);
    assertThat(new String(only.value(), StandardCharsets.UTF_8)).isEqualTo("red");
    assertThat(producer.history()).hasSize(1);
    load.turnTo(ManualLoad.RATE_MAX);
    await().until(() -> producer.history().size() > 10);
    load.close();
    assertThat(runner.join(Duration.ofSeconds(5))).isTrue();
    assertThat(producer.history()).extracting(ManualLoadTest::id).doesNotHaveDuplicates();
  }

  @Test
  void refusesARateThatNobodyCouldOffer() {
    assertThatThrownBy(() -> load.turnTo(-1)).hasMessageContaining("0 to 5000 events a second");
    assertThatThrownBy(() -> load.turnTo(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThat(load.rate()).isEqualTo(1_000);
  }

  private static long id(ProducerRecord<byte[], byte[]> record) {
    return ByteBuffer.wrap(record.headers().lastHeader(ID).value()).getLong();
  }
}
