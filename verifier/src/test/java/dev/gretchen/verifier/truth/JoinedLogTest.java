package dev.gretchen.verifier.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedLogTest {

  @Test
  void countsThePartitionsOfItsTopicsThrough() {
    MemoryLog first = new MemoryLog("a", 2);
    MemoryLog second = new MemoryLog("b", 2);
    second.append(1, 0, 5, new byte[] {1}, null, 7L, null);
    JoinedLog joined = new JoinedLog(List.of(first, second));

    List<LogRecord> records = new ArrayList<>();
    joined.records(3).forEachRemaining(records::add);

    assertThat(joined.partitions()).isEqualTo(4);
    assertThat(joined.place(3)).isEqualTo("b-1");
    assertThat(joined.place(0)).isEqualTo("a-0");
    assertThat(records)
        .singleElement()
        .satisfies(record -> {
          assertThat(record.partition()).isEqualTo(3);
          assertThat(record.id()).isEqualTo(7);
        });
    assertThat(joined.records(1).hasNext()).isFalse();
  }
}
