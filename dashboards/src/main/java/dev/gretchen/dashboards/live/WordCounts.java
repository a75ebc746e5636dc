package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.contract.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tallies of words: as they must be by the input log, and as the app's outputs say.
///
/// While events are on their way both differ by these, and while the reader is ahead in one topic
/// and not in the other too. Where the counts are equal, the fingerprints say whether the same
/// events were counted; the verdict on it all is a run's, not the page's.
final class WordCounts {

  private static final int ROWS_MAX = 24;

  private final Map<String, Tally> truth = new LinkedHashMap<>();
  private final Map<String, Tally> counted = new LinkedHashMap<>();

  /// @param words in the order in which equals are shown
  WordCounts(Iterable<String> words) {
    words.forEach(word -> truth.put(word, Tally.NONE));
  }

  /// A word was seen in the input log.
  ///
  /// @return whether it is one that is counted
  boolean read(String word, long id) {
    return truth.computeIfPresent(word, (_, tally) -> tally.plus(id)) != null;
  }

  /// The app said a word's tally; that of the later moment counts.
  void counted(String word, Tally tally) {
    counted.put(word, tally);
  }

  LiveView.Counts view() {
    // with many words most are even, and need no row
    List<LiveView.Row> rows = new ArrayList<>();
    int even = 0;
    long must = 0;
    long have = 0;
    long difference = 0;
    int settled = 0;
    int wrong = 0;
    for (Map.Entry<String, Tally> word : truth.entrySet()) {
      Tally expected = word.getValue();
      Tally found = counted.getOrDefault(word.getKey(), Tally.NONE);
      boolean same = expected.equals(found);
      must += expected.count();
      have += found.count();
      difference += Math.abs(expected.count() - found.count());
      settled += same ? 1 : 0;
      wrong += !same && expected.count() == found.count() ? 1 : 0;
      if (!same || ++even <= ROWS_MAX) {
        rows.add(new LiveView.Row(word.getKey(), expected.count(), found.count(), same));
      }
    }
    rows.sort(
        Comparator.comparingLong((LiveView.Row row) -> Math.abs(row.truth() - row.counted()))
            .reversed()
            .thenComparing(LiveView.Row::same));
    return new LiveView.Counts(
        must,
        have,
        difference,
        settled,
        wrong,
        truth.size(),
        rows.subList(0, Math.min(ROWS_MAX, rows.size())));
  }
}
