package dev.gretchen.engine.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class MailboxTest {

  private static final int KEY_BYTES = 4;

  private final Mailbox mailbox = new Mailbox(new Mailbox.Bounds(4_000, 100_000));

  private static List<ConsumerRecord<byte[], byte[]>> records(int count, int valueBytes) {
    return IntStream.range(0, count)
        .mapToObj(offset ->
            new ConsumerRecord<>(
                "t",
                0,
                offset,
                0,
                TimestampType.CREATE_TIME,
                KEY_BYTES,
                valueBytes,
                new byte[KEY_BYTES],
                new byte[valueBytes],
                new RecordHeaders(),
                Optional.empty()))
        .toList();
  }

  @Test
  void aSmallBatchIsMeasuredRecordByRecord() {
    mailbox.add(records(60, 1_660), 60); // 99,840 bytes
    assertThat(mailbox.isFull()).isFalse();

    mailbox.add(records(1, 156), 61); // 160 more: the bound
    assertThat(mailbox.isFull()).isTrue();
  }

  @Test
  void aLargeBatchIsMeasuredBySomeOfItsRecords() {
    mailbox.add(records(1_999, 46), 1_999); // 99,950 bytes
    assertThat(mailbox.isFull()).isFalse();

    mailbox.add(records(1, 46), 2_000);
    assertThat(mailbox.isFull()).isTrue();
  }

  @Test
  void whatWasHandledMakesRoom() {
    mailbox.add(records(100, 996), 100);
    assertThat(mailbox.isFull()).isTrue();
    Mailbox.Batch handled = Objects.requireNonNull(mailbox.peek());

    assertThat(mailbox.remove(handled)).as("there was no room before").isTrue();
    assertThat(mailbox.hasRoom()).isTrue();
    assertThat(mailbox.events()).isZero();
  }

  @Test
  void aBatchOfControlRecordsAloneMovesThePositionAndWeighsNothing() {
    mailbox.add(List.of(), 7);

    assertThat(mailbox.isEmpty()).isFalse();
    assertThat(mailbox.hasRoom()).isTrue();
    assertThat(mailbox.peek()).extracting(Mailbox.Batch::nextOffset).isEqualTo(7L);
  }
}
