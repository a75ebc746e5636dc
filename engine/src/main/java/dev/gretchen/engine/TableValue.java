package dev.gretchen.engine;

import java.time.Duration;
import java.util.Optional;

/// What a worker knows of a key, wherever it was asked. Committed state alone.
///
/// @param <V> type of the value
/// @param value empty if the key has none
/// @param worker who answered
/// @param fromOwner whether that was the owner of the key's partition; otherwise a standby, whose
///   copy may be behind
/// @param position the answer holds every committed record of the table's changelog before it
/// @param behindRecords changelog records that the copy lacked when it was last looked at; 0 at the
///   owner
/// @param behind what was committed so long ago, and before, is in the answer; empty for a copy
///   that has never been complete
public record TableValue<V>(
    Optional<V> value,
    String worker,
    boolean fromOwner,
    long position,
    long behindRecords,
    Optional<Duration> behind) {}
