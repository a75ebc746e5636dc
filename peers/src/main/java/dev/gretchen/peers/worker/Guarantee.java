package dev.gretchen.peers.worker;

/// What a worker is set to.
public enum Guarantee {
  EXACTLY_ONCE,
  AT_LEAST_ONCE;

  static Guarantee parse(String text) {
    return switch (text) {
      case "exactly-once" -> EXACTLY_ONCE;
      case "at-least-once" -> AT_LEAST_ONCE;
      default ->
          throw new IllegalArgumentException(
              "--guarantee: expected exactly-once or at-least-once, found '" + text + "'");
    };
  }
}
