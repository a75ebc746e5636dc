package dev.gretchen.apps.orderenrichment;

import java.time.Duration;

/// A call failed in a way that may pass.
final class TryAgain extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration notBefore;

  TryAgain(String why) {
    this(why, Duration.ZERO);
  }

  TryAgain(String why, Throwable cause) {
    super(why, cause);
    this.notBefore = Duration.ZERO;
  }

  TryAgain(String why, Duration notBefore) {
    super(why);
    this.notBefore = notBefore;
  }

  /// How long the service asks to be left alone, zero where it does not.
  Duration notBefore() {
    return notBefore;
  }
}
