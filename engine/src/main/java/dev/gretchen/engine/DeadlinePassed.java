package dev.gretchen.engine;

import org.jspecify.annotations.Nullable;

/// The event has used up the time that its [FailurePolicy] allows: it goes to the dead-letter topic
/// without retries, and nothing of its effects counts. A handler that waits in the engine is ended
/// by this; one that blocks elsewhere is interrupted, and this has what it threw as its cause.
public final class DeadlinePassed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param event where it came from
  public DeadlinePassed(String event) {
    this(event, null);
  }

  /// @param event where it came from
  /// @param interrupted what the handler threw that was interrupted for it, null if nothing
  public DeadlinePassed(String event, @Nullable Throwable interrupted) {
    super(
        "the event at "
            + event
            + " has used up its time; raise the deadline of the agent's failure policy, or make fewer or shorter attempts",
        interrupted);
  }
}
