package dev.gretchen.chaos.nemesis;

import java.util.List;

/// What is known of one fault; a line of the journal once it is complete.
///
/// @param ordinal of the step in the plan
/// @param id the catalogue's code, such as `P1`
/// @param kind a word, such as `kill-owner`
/// @param target the role that was hit, and who had it, such as `owner of colors-3: w2`
/// @param worker the worker that was hit, the last where there were several, empty for a broker
/// @param held the partitions that the group had assigned to the workers that were hit, such as
///   `colors-3`
/// @param turns the workers in their order, where they were hit one after the other; else none
/// @param at epoch milliseconds of the first effect: a confirmed death, a signal sent; of the
///   attempt where there was none
/// @param healedAt epoch milliseconds when it was healed, 0 where it was not
/// @param proven whether all effects that the kind promises were observed
/// @param proof the observations, or what was missing
/// @param pids the processes that were killed, in order
/// @param sigkills how many SIGKILLs workers got
/// @param clockAheadMillis by how much the clock of the worker was ahead until it was healed, 0
///   where it was right
/// @param lost ranges of offsets that were deleted before anybody had read them, such as
///   `words-3@100-250`, the last excluded; only those whose loss a worker has told
public record FaultEntry(
    int ordinal,
    String id,
    String kind,
    String target,
    String worker,
    List<String> held,
    List<Turn> turns,
    long at,
    long healedAt,
    boolean proven,
    String proof,
    List<Long> pids,
    int sigkills,
    long clockAheadMillis,
    List<String> lost) {
  public FaultEntry {
    held = List.copyOf(held);
    turns = List.copyOf(turns);
    pids = List.copyOf(pids);
    lost = List.copyOf(lost);
  }

  /// One worker of several that were hit one after the other.
  ///
  /// @param at epoch milliseconds of the attempt
  /// @param held the partitions that the group had assigned to it
  public record Turn(String worker, long at, List<String> held) {
    public Turn {
      held = List.copyOf(held);
    }
  }
}
