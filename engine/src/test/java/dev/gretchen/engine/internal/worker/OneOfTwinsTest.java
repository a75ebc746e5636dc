package dev.gretchen.engine.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OneOfTwinsTest {

  private static final Peer TWIN =
      new Peer("w1-b-x", "w1", "b", "", "", "h:1", "app-w1", new TreeSet<>(), new TreeSet<>());

  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicReference<@Nullable Peer> twin = new AtomicReference<>();
  private final OneOfTwins writer = new OneOfTwins(new CountingWriter(), twin::get);

  @Test
  void beginsAnewAsOftenAsItMustWhereItIsAlone() {
    writer.begin();
    writer.begin();
    assertThat(begun).hasValue(2);
  }

  @Test
  void stopsInsteadOfFencingItsTwinBack() {
    writer.begin();
    twin.set(TWIN);
    assertThatThrownBy(writer::begin)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("worker w1")
        .hasMessageContaining("w1-b")
        .hasMessageContaining("--worker");
    assertThat(begun).hasValue(1);
  }

  @Test
  void takesTheSlotWhenItStarts() {
    twin.set(TWIN);
    writer.begin();
    assertThat(begun).hasValue(1);
  }

  private final class CountingWriter implements EpochWriter {
    @Override
    public void begin() {
      begun.incrementAndGet();
    }

    @Override
    public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
      throw new UnsupportedOperationException("nothing is written here");
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
