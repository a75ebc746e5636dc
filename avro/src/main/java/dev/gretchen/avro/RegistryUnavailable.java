package dev.gretchen.avro;

/// A schema registry does not answer, or not as one does.
public final class RegistryUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RegistryUnavailable(String message) {
    super(message);
  }

  RegistryUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
