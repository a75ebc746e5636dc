package dev.gretchen.engine.internal.route;

/// What is asked of whom. Only who is asked for [#ANYBODY] or [#OWNER_ONLY] may ask others; a
/// question that was handed on is never handed on again, so none goes round in circles.
public enum Asked {
  /// By a client: the owner's answer, or a standby's if the owner cannot be had.
  ANYBODY,

  /// By a client: the owner's answer or none.
  OWNER_ONLY,

  /// By another worker, which takes this one for the owner.
  AS_OWNER,

  /// By another worker, which could not have the owner's.
  AS_STANDBY;

  boolean mayHandOn() {
    return this == ANYBODY || this == OWNER_ONLY;
  }
}
