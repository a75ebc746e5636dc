package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.EffectTooLarge;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one task contributes to an epoch: sealed, never changed again.
///
/// @param nextOffset of the input: below it everything is applied
/// @param outputs in the order in which they were sent
/// @param changes table -> one change for each key, in the order of their first events
/// @param bytes what it holds, roughly
public record TaskEpoch(
    Task task,
    long nextOffset,
    List<Output> outputs,
    Map<String, List<StagedChange>> changes,
    long bytes) {

  /// Encodes all values, before the transaction begins: what cannot be sent is found here and not
  /// half-way through. From the committer's thread.
  ///
  /// @return why a value cannot be sent, null where all can
  public @Nullable String encode() {
    for (Map.Entry<String, List<StagedChange>> table : changes.entrySet()) {
      long total = 0;
      for (StagedChange change : table.getValue()) {
        try {
          byte[] value = change.value();
          task.requireSendable(table.getKey(), change);
          total += value == null ? 0 : value.length;
        } catch (EffectTooLarge tooLarge) {
          return tooLarge.getMessage();
        } catch (RuntimeException | StackOverflowError | AssertionError unwritable) {
          return "table "
              + table.getKey()
              + ": the codec cannot write a value that was last changed at "
              + task.id()
              + "@"
              + change.lastOffset()
              + ": "
              + unwritable;
        }
      }
      if (!table.getValue().isEmpty()) {
        task.measured(table.getKey(), total / table.getValue().size());
      }
    }
    return null;
  }
}
