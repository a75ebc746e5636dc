package dev.gretchen.apps.orderenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DependencyTest {

  private static CallLimits limits(Duration deadline, int failures, Duration openFor) {
    return new CallLimits(
        Duration.ofSeconds(1), deadline, Duration.ofMillis(5), 4, failures, openFor);
  }

  @Test
  void callsAgainUntilItSucceeds() {
    Dependency dependency =
        new Dependency("it", limits(Duration.ofSeconds(10), 16, Duration.ofSeconds(9)));
    AtomicInteger calls = new AtomicInteger();

    String answer =
        dependency.call(() -> {
          if (calls.incrementAndGet() < 4) {
            throw new TryAgain("not yet");
          }
          return "done";
        });

    assertThat(answer).isEqualTo("done");
    assertThat(calls).hasValue(4);
  }

  @Test
  void leavesAServiceAloneAsLongAsItAsks() {
    Dependency dependency =
        new Dependency("it", limits(Duration.ofSeconds(10), 16, Duration.ofSeconds(9)));
    AtomicInteger calls = new AtomicInteger();
    long start = System.nanoTime();

    dependency.call(() -> {
      if (calls.incrementAndGet() == 1) {
        throw new TryAgain("too many", Duration.ofMillis(200));
      }
      return "done";
    });

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(200_000_000L);
  }

  @Test
  void givesUpAtTheDeadlineAndNamesTheService() {
    Dependency dependency =
        new Dependency("mailer", limits(Duration.ofMillis(100), 16, Duration.ofMillis(10)));

    assertThatThrownBy(() ->
            dependency.call(() -> {
              throw new TryAgain("status 503");
            }))
        .isInstanceOf(DependencyFailure.class)
        .hasMessage("mailer: status 503");
  }

  @Test
  void doesNotCallAServiceThatHasFailedTooOften() {
    Dependency dependency =
        new Dependency("it", limits(Duration.ofMillis(300), 3, Duration.ofSeconds(30)));
    AtomicInteger calls = new AtomicInteger();

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() ->
              dependency.call(() -> {
                calls.incrementAndGet();
                throw new TryAgain("down");
              }))
          .isInstanceOf(DependencyFailure.class);
    }

    assertThat(calls).as("until the circuit breaker opened").hasValueLessThanOrEqualTo(16);
    int before = calls.get();
    assertThatThrownBy(() -> dependency.call(calls::incrementAndGet))
        .isInstanceOf(DependencyFailure.class);
    assertThat(calls).hasValue(before);
  }

  @Test
  void doesNotRepeatWhatWillNeverSucceed() {
    Dependency dependency =
        new Dependency("it", limits(Duration.ofSeconds(10), 16, Duration.ofSeconds(9)));
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() ->
            dependency.call(() -> {
              calls.incrementAndGet();
              throw new DependencyFailure("it", "status 404");
            }))
        .hasMessage("it: status 404");
    assertThat(calls).hasValue(1);
  }

  @Test
  void saysThatNoAnswerCameOrThatNoneWasAskedForAnyMore() {
    CountDownLatch never = new CountDownLatch(1);
    Dependency silent =
        new Dependency("silent", limits(Duration.ofMillis(20), 16, Duration.ofSeconds(9)));
    assertThatThrownBy(() ->
            silent.call(() -> {
              awaitQuietly(never);
              throw new TryAgain("interrupted");
            }))
        .isInstanceOf(DependencyFailure.class)
        .hasMessageContaining("silent: no answer within 1500 ms");

    Dependency open =
        new Dependency("open", limits(Duration.ofMillis(100), 1, Duration.ofSeconds(9)));
    assertThatThrownBy(() ->
            open.call(() -> {
              throw new TryAgain("status 503");
            }))
        .isInstanceOf(DependencyFailure.class);
    assertThatThrownBy(() -> open.call(() -> "never"))
        .isInstanceOf(DependencyFailure.class)
        .hasMessageContaining("open: most calls of it failed, so none was tried");
  }

  /// An event that is no longer this worker's has its thread interrupted, wherever it waits.
  @Test
  void whoeverIsInterruptedWhileItWaitsForItsTurnTakesNoTurnFromAnybody() throws Exception {
    Dependency dependency =
        new Dependency("it", limits(Duration.ofSeconds(10), 16, Duration.ofSeconds(9)));
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> busy = busy(dependency, end);
    AtomicInteger given = new AtomicInteger();
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waiting.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  dependency.call(() -> "never");
                } catch (DependencyFailure interrupted) {
                  given.incrementAndGet();
                }
              }));
    }
    for (Thread thread : waiting) {
      Awaitility.await().until(() -> thread.getState() != Thread.State.RUNNABLE);
      thread.interrupt();
      thread.join();
    }
    end.countDown();
    for (Thread thread : busy) {
      thread.join();
    }

    assertThat(given).hasValue(8);
    assertThat(dependency.call(() -> "still served")).isEqualTo("still served");
  }

  @Test
  void saysSoWhereItsTurnDidNotComeInTime() throws Exception {
    Dependency dependency =
        new Dependency("mailer", limits(Duration.ofMillis(200), 16, Duration.ofSeconds(9)));
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> busy = busy(dependency, end);

    assertThatThrownBy(() -> dependency.call(() -> "never"))
        .isInstanceOf(DependencyFailure.class)
        .hasMessageContaining("mailer: 4 calls were under way for 200 ms");

    end.countDown();
    for (Thread thread : busy) {
      thread.join();
    }
  }

  /// As many calls as may be under way, until the end.
  private static List<Thread> busy(Dependency dependency, CountDownLatch end)
      throws InterruptedException {
    CountDownLatch allBusy = new CountDownLatch(4);
    List<Thread> busy = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      busy.add(
          Thread.ofVirtual()
              .start(() ->
                  dependency.call(() -> {
                    allBusy.countDown();
                    awaitQuietly(end);
                    return "done";
                  })));
    }
    allBusy.await();
    return busy;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
