package dev.gretchen.cli;

/// The command line asks for something that does not exist or does not fit; the message is one
/// sentence.
final class UsageError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageError(String message) {
    super(message);
  }
}
