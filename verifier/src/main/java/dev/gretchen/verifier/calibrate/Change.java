package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.Sighting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// One edit of a recorded run. All that an edit needs to know was found out before, so that it can
/// be applied to a stream, entry by entry, and gives the same each time.
sealed interface Change {

  /// What becomes of one entry: none, one or several.
  @FunctionalInterface
  interface Rewrite extends Function<LogRecord, List<LogRecord>> {}

  /// In the observed log of a topic partition; offsets must rise afterwards too.
  record InLog(String topic, int partition, Rewrite rewrite) implements Change {}

  /// In what a worker told of the content of its store.
  record InEntries(String table, int partition, String worker, Rewrite rewrite) implements Change {}

  /// In what workers told of their stores as a whole.
  record InStores(Function<StoreLine, List<StoreLine>> rewrite) implements Change {}

  /// In the samples of the group's offsets.
  record InOffsets(UnaryOperator<OffsetSample> rewrite) implements Change {}

  /// In a file of the history with a line for each entry.
  ///
  /// @param file where it is in a run's directory
  record InLines<T extends Record>(
      Function<RunDirectory, Path> file, Class<T> type, Function<T, List<T>> rewrite)
      implements Change {}

  /// In what the clients of a chat saw.
  record InSightings(Function<Sighting, List<Sighting>> rewrite) implements Change {}

  /// In what the producer said of one input partition.
  record InAcks(int partition, UnaryOperator<Ack> rewrite) implements Change {}

  /// In what is known of one fault: some facts of a line of `faults.ndjson`.
  record InFault(int line, Map<String, Object> facts) implements Change {
    public InFault {
      facts = Map.copyOf(facts);
    }
  }

  /// One fact of `env.json`: a text or a number.
  record InFacts(String field, Object value) implements Change {}

  /// In the text of the app's descriptor: the app broke a promise that it had not given when it was
  /// recorded.
  record InDescriptor(UnaryOperator<String> rewrite) implements Change {}
}
