package dev.gretchen.apps.orderenrichment;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import dev.failsafe.TimeoutExceededException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls of one service: each within a time-out, as many at a time as it bears, again after a pause
/// that doubles where they fail, and for a while not at all where most of them do.
///
/// A service that asks to be left alone (`Retry-After`) is; chance spreads the retries, so that
/// those who failed together do not come back together. Any thread.
///
/// A semaphore counts the calls under way, and not the library's bulkhead: that one goes on to give
/// turns to threads that were interrupted or timed out while they waited, and those turns never
/// come back.
final class Dependency {

  private static final double JITTER = 0.2;

  /// The client keeps the time-out itself up to the head of an answer; this ends a body that
  /// stalls.
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final Duration AS_USUAL = Duration.ofMillis(-1);

  private final String service;
  private final CallLimits limits;
  private final CircuitBreaker<Object> breaker;
  private final FailsafeExecutor<Object> patiently;
  private final FailsafeExecutor<Object> inTime;
  private final Semaphore turns;

  Dependency(String service, CallLimits limits) {
    this.service = service;
    this.limits = limits;
    this.breaker =
        CircuitBreaker.builder()
            .handle(TryAgain.class, TimeoutExceededException.class)
            .withFailureThreshold(limits.failures(), CallLimits.JUDGED)
            .withDelay(limits.openFor())
            .withSuccessThreshold(2)
            .build();
    RetryPolicy<Object> retries =
        RetryPolicy.builder()
            .handle(
                TryAgain.class, TimeoutExceededException.class, CircuitBreakerOpenException.class)
            .withMaxRetries(-1)
            .withMaxDuration(limits.deadline())
            .withBackoff(limits.firstPause(), CallLimits.PAUSE_MAX)
            .withDelayFn(attempt -> asked(attempt.getLastException()))
            .withJitter(JITTER)
            .build();
    this.patiently = Failsafe.with(retries, breaker);
    this.inTime =
        Failsafe.with(Timeout.builder(limits.timeout().plus(GRACE)).withInterrupt().build());
    this.turns = new Semaphore(limits.inFlight(), true);
  }

  /// How long to wait at the least, the chance that shortens it included; negative where nobody
  /// asks for more than the usual pause.
  private Duration asked(@Nullable Throwable failure) {
    Duration asked =
        switch (failure) {
          case TryAgain refused -> refused.notBefore();
          case CircuitBreakerOpenException _ -> breaker.getRemainingDelay();
          case null, default -> Duration.ZERO;
        };
    return asked.isZero() ? AS_USUAL : asked.plus(asked.dividedBy(3));
  }

  /// Calls until it succeeds.
  ///
  /// @param call throws [TryAgain] for what may pass; anything else ends it
  /// @throws DependencyFailure where it did not succeed within the time for it
  <T> T call(Supplier<T> call) {
    try {
      return patiently.get(() -> inTurn(call));
    } catch (DependencyFailure failure) {
      throw failure;
    } catch (FailsafeException ended) {
      throw new DependencyFailure(service, why(ended), ended);
    } catch (RuntimeException last) {
      throw new DependencyFailure(service, String.valueOf(last.getMessage()), last);
    }
  }

  private String why(FailsafeException ended) {
    return switch (ended) {
      case TimeoutExceededException _ ->
          "no answer within " + limits.timeout().plus(GRACE).toMillis() + " ms, time and again";
      case CircuitBreakerOpenException _ -> "most calls of it failed, so none was tried";
      default -> "interrupted while it was waited for";
    };
  }

  private <T> T inTurn(Supplier<T> call) throws InterruptedException {
    if (!turns.tryAcquire(limits.deadline().toNanos(), TimeUnit.NANOSECONDS)) {
      throw new DependencyFailure(
          service,
          limits.inFlight() + " calls were under way for " + limits.deadline().toMillis() + " ms");
    }
    try {
      return inTime.get(call::get);
    } finally {
      turns.release();
    }
  }

  String service() {
    return service;
  }
}
