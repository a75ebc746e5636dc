package dev.gretchen.chaos;

/// The machine, and not the app under test, is why a run cannot go on: a broker that does not
/// start, a full disk, a missing program.
///
/// The message is one sentence for a user: what failed, which thing, what to do next.
public final class EnvironmentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EnvironmentFailure(String message) {
    super(message);
  }

  public EnvironmentFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
