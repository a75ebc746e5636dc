package dev.gretchen.verifier.run;

/// The run was asked to end early. What was started is stopped, what is known is written.
public final class Interruption extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public Interruption(Throwable cause) {
    super("The run was interrupted", cause);
  }
}
