package dev.gretchen.testkit.client;

import org.jspecify.annotations.Nullable;

/// A member's place in a generation of its group.
///
/// @param id -1 for none
/// @param member empty for one that the coordinator has not named
/// @param protocol the assignor that the group has agreed on
record Generation(int id, String member, @Nullable String protocol) {

  static final Generation NONE = new Generation(-1, "", null);

  /// Whether what it held is lost: it was reset since it joined.
  boolean isLost() {
    return id == NONE.id || member.isEmpty();
  }

  boolean isReset() {
    return id == NONE.id && protocol == null;
  }

  /// Out of the generation, but still known to the coordinator.
  Generation withoutId() {
    return new Generation(NONE.id, member, null);
  }
}
