package dev.gretchen.peers.floor;

import dev.gretchen.peers.contract.EventId;
import dev.gretchen.peers.contract.Keys;
import dev.gretchen.peers.contract.Lineage;
import dev.gretchen.peers.contract.Tally;
import dev.gretchen.peers.contract.Windows;
import dev.gretchen.peers.worker.Program;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// The count stage of one partition of `colors`: its tables, and what its events do to them.
final class ColorsPartition implements AutoCloseable {

  private static final String COUNTS = "color-counts";

  private final Program program;
  private final FloorTable total;
  private final @Nullable FloorTable minute;
  private long streamTime = Long.MIN_VALUE;
  private long sentStreamTime = Long.MIN_VALUE;
  private long nextExpiry = Long.MIN_VALUE;
  private long lastOffset;

  /// @param minute null for the count stage alone
  ColorsPartition(Program program, FloorTable total, @Nullable FloorTable minute) {
    this.program = program;
    this.total = total;
    this.minute = minute;
  }

  /// Begins where the recovered tables end.
  void recovered() {
    if (minute != null) {
      streamTime = minute.storedStreamTime();
      sentStreamTime = streamTime;
    }
  }

  /// Counts events, in the order of the partition.
  void count(List<ConsumerRecord<byte[], byte[]>> colors, Outbox outbox, Lineage lineage) {
    for (ConsumerRecord<byte[], byte[]> color : colors) {
      Header id = EventId.header(color.headers());
      long mixed = Tally.mix(EventId.of(id));
      Entry tally = total.entry(Keys.plain(color.key()));
      if (tally.add(id, mixed, color.offset())) {
        total.changed(tally);
      }
      if (minute != null) {
        countMinute(minute, color, id, mixed);
      }
      if (program == Program.WORD_COLORS) {
        Header from =
            new RecordHeader(Lineage.HEADER, lineage.value(color.offset(), color.offset()));
        outbox.send(
            new ProducerRecord<>(
                COUNTS, null, color.timestamp(), color.key(), tally.json(), List.of(id, from)),
            null);
      }
    }
    lastOffset = colors.getLast().offset();
  }

  private void countMinute(
      FloorTable table, ConsumerRecord<byte[], byte[]> color, Header id, long mixed) {
    streamTime = Math.max(streamTime, color.timestamp());
    long start = Windows.start(color.timestamp());
    if (!Windows.isExpired(start, streamTime)) {
      Entry tally = table.entry(Keys.windowed(start, color.key()));
      if (tally.add(id, mixed, color.offset())) {
        table.changed(tally);
      }
    }
  }

  /// Sends the changes of its tables, as part of a commit.
  void sendChanges(Outbox outbox, Lineage lineage) {
    total.sendChanges(outbox, lineage, program == Program.COUNT_PUBLISHED ? COUNTS : null);
    if (minute != null && streamTime > sentStreamTime) {
      if (streamTime >= nextExpiry) {
        minute.dropWindowsUpTo(Windows.lastExpired(streamTime), lastOffset);
        nextExpiry = Windows.start(streamTime) + Windows.SIZE.toMillis();
      }
      minute.sendStreamTime(outbox, lineage, streamTime, lastOffset);
      sentStreamTime = streamTime;
    }
    if (minute != null) {
      minute.sendChanges(outbox, lineage, null);
    }
  }

  /// What was sent is committed.
  void committed() {
    total.committed();
    if (minute != null) {
      minute.committed();
    }
  }

  @Override
  public void close() {
    total.close();
    if (minute != null) {
      minute.close();
    }
  }
}
