package dev.gretchen.apps.orderenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
}
