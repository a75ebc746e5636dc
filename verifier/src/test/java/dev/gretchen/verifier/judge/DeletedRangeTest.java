package dev.gretchen.verifier.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DeletedRangeTest {

  @Test
  void exactlyTheRangeIsLeftOut() {
    PartitionedLog rest = without("words-1@3-6");
    assertThat(offsets(rest, 1)).containsExactly(0L, 1L, 2L, 6L, 7L, 8L, 9L);
    assertThat(offsets(rest, 0)).as("another partition").hasSize(10);
    assertThat(rest.partitions()).isEqualTo(2);
  }

  @Test
  void atTheEndsOfTheLogToo() {
    assertThat(offsets(without("words-0@0-2"), 0)).startsWith(2L);
    assertThat(offsets(without("words-0@8-99"), 0)).endsWith(7L);
    assertThat(offsets(without("words-0@0-99"), 0)).isEmpty();
  }

  @Test
  void anotherTopicsRangeAndOneThatCannotBeReadExcuseNothing() {
    assertThat(offsets(without("colors-0@0-9"), 0)).hasSize(10);
    assertThat(offsets(without("words-0"), 0)).hasSize(10);
    assertThat(offsets(without("words-0@-5"), 0)).hasSize(10);
  }

  private static PartitionedLog without(String range) {
    FaultLine fault =
        new FaultLine(
            "B7",
            "deleted-input",
            "w1",
            5,
            9,
            true,
            0,
            "",
            List.of(),
            List.of(),
            null,
            null,
            List.of(range));
    return DeletedRange.without(DeletedRange.of(List.of(fault)), new Words());
  }

  private static List<Long> offsets(PartitionedLog log, int partition) {
    List<Long> offsets = new ArrayList<>();
    log.records(partition).forEachRemaining(record -> offsets.add(record.offset()));
    return offsets;
  }

  private static final class Words implements PartitionedLog {
    @Override
    public String topic() {
      return "words";
    }

    @Override
    public int partitions() {
      return 2;
    }

    @Override
    public Iterator<LogRecord> records(int partition) {
      return LongStream.range(0, 10)
          .mapToObj(
              offset -> new LogRecord(partition, offset, 0, 0, null, null, false, 0, null, null))
          .iterator();
    }
  }
}
