package dev.gretchen.verifier.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import org.junit.jupiter.api.Test;

class LoadOnlyTest {

  @Test
  void leavesOutWhatCameAnotherWayAndKeepsStrangersWithoutAnId() {
    MemoryLog log = new MemoryLog("chat-events", 2);
    byte[] key = {1};
    log.append(0, 1, 1, key, key, 7L, null);
    log.append(0, 1, 1, key, key, 100L, null);
    log.append(0, 1, 1, key, key, null, null);
    log.append(0, 1, 1, key, key, 8L, null);
    log.append(1, 1, 1, key, key, 101L, null);

    PartitionedLog load = new LoadOnly(log, id -> id >= 100);

    assertThat(load.records(0))
        .toIterable()
        .extracting(LogRecord::offset)
        .containsExactly(0L, 2L, 3L);
    assertThat(load.records(1)).isExhausted();
    assertThat(load.topic()).isEqualTo("chat-events");
    assertThat(load.place(1)).isEqualTo("chat-events-1");
  }
}
