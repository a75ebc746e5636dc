package dev.gretchen.engine;

import java.io.Serial;

/// A question to an agent has no answer in time, or cannot have one.
public final class NoAnswer extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  private final Why why;

  /// What stands in the way.
  public enum Why {
    /// It was not asked: the brokers are away, or too many questions wait already.
    UNASKED,
    /// The time was up. Whether the question was or will be handled nobody knows.
    LATE,
    /// The agent has failed at it for good, and nothing that it did counts; or its answer cannot be
    /// read.
    FAILED
  }

  public NoAnswer(Why why, String message) {
    super(message);
    this.why = why;
  }

  NoAnswer(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
