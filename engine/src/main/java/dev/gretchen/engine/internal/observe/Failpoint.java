package dev.gretchen.engine.internal.observe;

import java.util.Optional;

/// The named places where a test can stop the engine.
public enum Failpoint {
  COMMIT_BEFORE_SENDS("commit.before-sends"),
  /// All effects of the transaction are on the brokers, its offsets are not.
  COMMIT_AFTER_SENDS("commit.after-sends"),
  /// The offsets are too; the transaction is open.
  COMMIT_BEFORE_END("commit.before-end"),
  /// Committed, and not in the local store yet.
  COMMIT_AFTER_END("commit.after-end"),
  RECOVERY_STARTED("recovery.started"),
  /// Some records read, not all.
  RECOVERY_MIDWAY("recovery.midway"),
  REBALANCE_REVOKING("rebalance.revoking");

  private final String text;

  Failpoint(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  public static Optional<Failpoint> named(String text) {
    for (Failpoint failpoint : values()) {
      if (failpoint.text.equals(text)) {
        return Optional.of(failpoint);
      }
    }
    return Optional.empty();
  }
}
