package dev.gretchen.engine.internal.ask;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A question that is waited for. It ends once, by whoever is first, on any thread: its answer, or
/// the refusal of the brokers. Where outputs may repeat, so may answers; all of one call are the
/// same.
final class Call {

  /// How it ended.
  ///
  /// @param answer null where the agent has none, or has failed
  /// @param failure why it has failed; null where it has not
  /// @param isUnsent whether the brokers did not take the question
  @SuppressWarnings("ArrayRecordComponent")
  record End(byte @Nullable [] answer, @Nullable String failure, boolean isUnsent) {}

  private final Round round;
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  Call(Round round) {
    this.round = round;
  }

  void answered(byte @Nullable [] answer) {
    end(new End(answer, null, false));
  }

  void failed(String reason) {
    end(new End(null, reason, false));
  }

  void refused(String reason) {
    end(new End(null, reason, true));
  }

  private void end(End how) {
    if (end.compareAndSet(null, how)) {
      round.ended(how.failure() != null);
    }
  }

  @Nullable End end() {
    return end.get();
  }

  /// Has whoever waits look again.
  void look() {
    round.look();
  }
}
