package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the tally of its key is after each record of a log.
final class Tallies {

  private final @Nullable Tally[][] tallies;

  private Tallies(@Nullable Tally[][] tallies) {
    this.tallies = tallies;
  }

  /// The tallies of a whole log; a record that nobody counts has none.
  static Tallies of(SimLog log) {
    @Nullable Tally[][] tallies = new @Nullable Tally[log.partitions()][];
    for (int p = 0; p < tallies.length; p++) {
      KeyIndex keys = new KeyIndex();
      List<Tally> last = new ArrayList<>();
      Seen[] records = log.partition(p);
      tallies[p] = new @Nullable Tally[records.length];
      for (int i = 0; i < records.length; i++) {
        LogRecord record = records[i].record();
        byte[] key = record.key();
        if (record.hasId() && key != null) {
          int slot = keys.add(key, 0);
          if (slot == last.size()) {
            last.add(Tally.NONE);
          }
          Tally after = last.get(slot).plus(record.id());
          last.set(slot, after);
          tallies[p][i] = after;
        }
      }
    }
    return new Tallies(tallies);
  }

  /// No tallies at all.
  static Tallies none() {
    return new Tallies(new @Nullable Tally[0][]);
  }

  /// The tally after a record, null where it is not known.
  @Nullable Tally at(int partition, int index) {
    return partition < tallies.length ? tallies[partition][index] : null;
  }
}
