package dev.gretchen.apps.feedchat.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.apps.feedchat.Recent;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PushersTest {

  private static final int ROUNDS = 20;
  private static final String WORKER = "pushers-test";

  /// Half of all rounds took until the next sweep, half a second, where a pusher that was woken by
  /// its last client's end looked only before its turn whether it was over.
  @Test
  void endWhenTheirClientsHaveGoneAndNotAtTheNextSweep() {
    long closing = 0;
    for (int i = 0; i < ROUNDS; i++) {
      Pushers pushers =
          new Pushers(
              WORKER,
              _ -> OptionalLong.empty(),
              (_, _, told) -> told.accept(Optional.of(Recent.empty())),
              PushSettings.standard(Duration.ZERO),
              _ -> {});
      Client client = pushers.open(new FakeSocket());
      await().pollDelay(Duration.ZERO).until(PushersTest::haveNothingToDo);
      client.gone();
      long began = System.nanoTime();
      pushers.close();
      closing += System.nanoTime() - began;
    }
    assertThat(Duration.ofNanos(closing)).isLessThan(Duration.ofSeconds(1));
  }

  private static boolean haveNothingToDo() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(WORKER))
        .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING);
  }
}
