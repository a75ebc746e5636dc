package dev.gretchen.engine;

/// Ends a handler whose event is no longer this worker's: nothing of this attempt counts, and
/// whoever holds the partition now handles the event. Let it pass.
public final class EventAbandoned extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /// @param event where it came from
  public EventAbandoned(String event) {
    super(
        "this worker no longer holds the partition of the event at "
            + event
            + ", or has stopped; whoever holds it now handles the event, and nothing of this attempt counts");
  }
}
