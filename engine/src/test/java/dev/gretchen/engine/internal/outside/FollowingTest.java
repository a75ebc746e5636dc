package dev.gretchen.engine.internal.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FollowingTest {

  private static final TopicPartition FIRST = new TopicPartition("feed", 0);
  private static final TopicPartition SECOND = new TopicPartition("feed", 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final FakeClients clients = new FakeClients().with(consumer);
  private final List<Long> read = new ArrayList<>();
  private int caughtUp;
  private final Following following =
      new Following(
          "feed",
          2,
          10,
          new Following.Reader() {
            @Override
            public void read(ConsumerRecords<byte[], byte[]> records) {
              records.forEach(record -> read.add(record.offset()));
            }

            @Override
            public void caughtUp() {
              caughtUp++;
            }
          },
          new FakeSurroundings(clients),
          "w1");

  FollowingTest() {
    consumer.updateBeginningOffsets(Map.of(FIRST, 95L, SECOND, 0L));
    consumer.updateEndOffsets(Map.of(FIRST, 100L, SECOND, 50L));
  }

  private void arrives(TopicPartition partition, long from, long to) {
    consumer.schedulePollTask(() -> {
      for (long offset = from; offset < to; offset++) {
        consumer.addRecord(
            new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, new byte[1], new byte[1]));
      }
    });
  }

  @Test
  void beginsSomeRecordsBeforeTheEndAndNotBeforeTheBeginning() {
    following.step();

    assertThat(consumer.assignment()).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(consumer.position(FIRST)).isEqualTo(95);
    assertThat(consumer.position(SECOND)).isEqualTo(40);
    assertThat(clients.asked().getFirst())
        .containsEntry("isolation.level", "read_committed")
        .doesNotContainKey("group.id");
  }

  @Test
  void hasCaughtUpWhenAllThatWasThereHasBeenReadAndSaysSoOnce() {
    following.step();
    arrives(FIRST, 95, 100);
    following.step();
    assertThat(caughtUp).isZero();

    arrives(SECOND, 40, 52);
    following.step();
    following.step();
    assertThat(caughtUp).isEqualTo(1);
    assertThat(read).hasSize(17);
  }

  @Test
  void goesOnFromTheBeginningWhereWhatCameNextWasDeleted() {
    following.step();
    consumer.updateBeginningOffsets(Map.of(FIRST, 98L, SECOND, 0L));
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(FIRST, 95L)));
    following.step();
    arrives(FIRST, 98, 100);
    following.step();

    assertThat(read).containsExactly(98L, 99L);
  }

  @Test
  void waitsForAClusterThatIsAwayAndReadsOn() {
    following.step();
    consumer.setPollException(new TimeoutException("nobody there"));
    assertThat(following.step()).isTrue();
    arrives(SECOND, 40, 41);
    following.step();

    assertThat(read).containsExactly(40L);
  }

  @Test
  void endsWhenItIsStopped() {
    following.step();
    following.stop();

    assertThat(following.step()).isFalse();
    assertThat(consumer.closed()).isTrue();
  }
}
