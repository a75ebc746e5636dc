package dev.gretchen.engine;

/// Ends a handler whose event has used up the time that its [FailurePolicy] allows. Where the
/// handler lets it pass, the event goes to the dead-letter topic without retries.
public final class DeadlinePassed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param event where it came from
  public DeadlinePassed(String event) {
    super(
        "the event at "
            + event
            + " has used up its time; raise the deadline of the agent's failure policy, or make fewer or shorter attempts");
  }
}
