package dev.gretchen.engine.internal.worker;

/// Something outside the engine keeps the worker from starting; the message is one sentence for a
/// person.
public final class WorkerCannotStart extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WorkerCannotStart(String message) {
    super(message);
  }
}
