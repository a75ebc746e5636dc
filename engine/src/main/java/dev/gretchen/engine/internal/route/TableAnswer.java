package dev.gretchen.engine.internal.route;

import org.jspecify.annotations.Nullable;

/// What a worker found in its committed copy of a table partition.
///
/// @param value as the table's codec wrote it, null if the key has none
/// @param worker who answered
/// @param role as what
/// @param position the answer holds every committed record of the changelog before it; perhaps more
/// @param behindRecords changelog records that the copy lacked when it was last looked at, of all
///   tables of its task together; 0 at the owner
/// @param behindMillis all that was committed so long ago is in the answer; 0 at the owner, null
///   for a copy that has never been complete
public record TableAnswer(
    String table,
    int partition,
    byte @Nullable [] value,
    String worker,
    Role role,
    long position,
    long behindRecords,
    @Nullable Long behindMillis) {

  /// As what a worker answers.
  public enum Role {
    OWNER,
    STANDBY
  }
}
