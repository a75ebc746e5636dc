package dev.gretchen.engine.internal.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.EventAbandoned;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class WhileOursTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final WhileOurs patience = new WhileOurs(() -> "in-0@7");

  @Test
  void theEndOfTheTaskWakesWhoeverWaitsForSomethingElse() {
    CountingMonitor monitor = new CountingMonitor(surroundings.monitor());
    surroundings.inNextWait(patience::end);
    assertThatThrownBy(() -> patience.await(monitor, () -> false, LONG))
        .isInstanceOf(EventAbandoned.class)
        .hasMessageContaining("in-0@7");
    assertThat(monitor.signals).isEqualTo(1);
    assertThat(surroundings.nanoTime()).as("at once").isZero();
  }

  @Test
  void whoeverBeginsToWaitAfterTheEndDoesNotWait() {
    patience.end();
    assertThatThrownBy(() -> patience.await(surroundings.monitor(), () -> false, LONG))
        .isInstanceOf(EventAbandoned.class);
    assertThat(surroundings.nanoTime()).isZero();
  }

  @Test
  void otherwiseItWaitsAsTheMonitorDoes() {
    assertThat(patience.await(surroundings.monitor(), () -> true, LONG)).isTrue();
    assertThat(patience.await(surroundings.monitor(), () -> false, LONG)).isFalse();
    assertThat(surroundings.nanoTime()).isEqualTo(LONG.toNanos());
  }

  private static final class CountingMonitor implements Monitor {
    private final Monitor monitor;
    private int signals;

    CountingMonitor(Monitor monitor) {
      this.monitor = monitor;
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration bound) {
      return monitor.await(condition, bound);
    }

    @Override
    public void signal() {
      signals++;
      monitor.signal();
    }
  }
}
