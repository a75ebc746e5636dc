package dev.gretchen.apps.orderenrichment;

/// A service did not do what was asked within the time for it, or said that it never will. The
/// message begins with the service's name.
public final class DependencyFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DependencyFailure(String service, String why, Throwable cause) {
    super(service + ": " + why, cause);
  }

  DependencyFailure(String service, String why) {
    super(service + ": " + why);
  }
}
