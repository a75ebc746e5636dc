package dev.gretchen.engine.internal.store;

/// The one rule of claims: they only rise.
final class Claims {

  private Claims() {}

  static long next(long holder, long claim) {
    if (claim <= holder) {
      throw new IllegalStateException(
          "a claim must be newer than the one before: " + claim + " after " + holder);
    }
    return claim;
  }
}
