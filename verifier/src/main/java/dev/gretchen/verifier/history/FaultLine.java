package dev.gretchen.verifier.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of `faults.ndjson`: an injected fault, or a planned one that was skipped.
///
/// @param id the catalogue's code
/// @param kind a word; one that begins with `kill` ends the process that it hits
/// @param target what was hit, resolved
/// @param at epoch milliseconds when it took effect
/// @param healedAt epoch milliseconds when it was healed, 0 where it was not
/// @param sigkills how many SIGKILLs workers got
/// @param proof the observation that proves its effect, or what was missing
/// @param held the tasks that the group had assigned to whoever was hit, such as `colors-3`; none
///   in older runs
/// @param turns the workers in their order, where they were hit one after the other; none
///   otherwise, nor in older runs
/// @param skipped why it was not injected, null where it was
/// @param clockAheadMillis by how much the worker's clock was ahead from `at` to `healedAt`, null
///   where it was right
/// @param lost ranges of offsets that were deleted before anybody had read them, such as
///   `words-3@100-250`, the last excluded; none in older runs
public record FaultLine(
    String id,
    String kind,
    String target,
    long at,
    long healedAt,
    boolean proven,
    int sigkills,
    String proof,
    List<String> held,
    List<Turn> turns,
    @Nullable String skipped,
    @Nullable Long clockAheadMillis,
    List<String> lost) {

  /// One worker of several that were hit one after the other.
  ///
  /// @param at epoch milliseconds
  /// @param held the tasks that the group had assigned to it then
  public record Turn(String worker, long at, List<String> held) {
    public Turn {
      held = List.copyOf(held);
    }
  }

  @SuppressWarnings(
      "ConstantValue") // null where the line was written before there was such a field
  public FaultLine {
    held = held == null ? List.of() : List.copyOf(held);
    turns = turns == null ? List.of() : List.copyOf(turns);
    lost = lost == null ? List.of() : List.copyOf(lost);
  }

  /// A line of a fault that lets clocks and topics alone.
  public FaultLine(
      String id,
      String kind,
      String target,
      long at,
      long healedAt,
      boolean proven,
      int sigkills,
      String proof,
      List<String> held,
      List<Turn> turns,
      @Nullable String skipped) {
    this(
        id, kind, target, at, healedAt, proven, sigkills, proof, held, turns, skipped, null,
        List.of());
  }

  /// A fault that this machine or cluster has no mechanism for.
  public static FaultLine skipped(String id, String kind, String reason) {
    return new FaultLine(id, kind, "", 0, 0, false, 0, "", List.of(), List.of(), reason);
  }
}
