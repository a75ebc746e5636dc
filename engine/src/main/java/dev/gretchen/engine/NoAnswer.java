package dev.gretchen.engine;

import java.io.Serial;

/// A question to an agent has no answer in time, or cannot have one. Whether it was or will be
/// handled nobody knows: ask what may be asked twice.
public final class NoAnswer extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  public NoAnswer(String message) {
    super(message);
  }
}
