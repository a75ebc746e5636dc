package dev.gretchen.engine.internal.store;

/// The local store cannot be used; the worker stops, its data stays in the changelog.
public final class StoreUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
