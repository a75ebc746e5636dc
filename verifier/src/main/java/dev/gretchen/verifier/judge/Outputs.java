package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The committed outputs of an app by the task that made each, in the order in which they were
/// observed.
///
/// A record's lineage says whose it is. Without one, a record of a filtered stream is of the
/// partition into which the load had put its event, and one that counts updates or enriches is of
/// the source partition with its own number: key and number of partitions are the same. Late
/// events, closed windows and timers are nobody's then.
final class Outputs {

  /// Receives outputs.
  interface Sink {
    /// @param at epoch milliseconds when it was observed
    /// @param due epoch milliseconds when its event was due
    void output(InputTask task, long at, long due);
  }

  private record Source(Stream stream, MergedLog log) {}

  private final AppDescriptor app;
  private final Witness witness;
  private final long loadStart;
  private final List<Source> sources = new ArrayList<>();
  private @Nullable Lineage previous;

  Outputs(AppDescriptor app, Evidence evidence, Witness witness, long loadStart) {
    this.app = app;
    this.witness = witness;
    this.loadStart = loadStart;
    for (Stream stream : app.streams()) {
      // what comes now and then says nothing of how long nobody worked
      if (!stream.kind().isSteady()) {
        continue;
      }
      sources.add(new Source(stream, new MergedLog(evidence.log(stream.topic()))));
    }
  }

  /// Passes them on, each once.
  void each(Sink sink) {
    for (Source source = earliest(); source != null; source = earliest()) {
      LogRecord record = source.log().next();
      InputTask task = task(source, record);
      if (task != null && record.hasId() && witness.plan().indexOf(record.id()) >= 0) {
        sink.output(task, record.observedAt(), loadStart + witness.due(record.id()));
      }
    }
  }

  private @Nullable Source earliest() {
    Source earliest = null;
    long at = Long.MAX_VALUE;
    for (Source source : sources) {
      LogRecord head = source.log().peek();
      if (head != null && head.observedAt() < at) {
        earliest = source;
        at = head.observedAt();
      }
    }
    return earliest;
  }

  private @Nullable InputTask task(Source source, LogRecord record) {
    Lineage lineage = Lineage.decode(record.lineage(), previous);
    if (lineage != null) {
      previous = lineage;
      return new InputTask(lineage.topic(), lineage.partition());
    }
    Stream stream = source.stream();
    boolean fromLoad = stream.source().equals(app.input());
    return switch (stream.kind()) {
      case FILTERED ->
          fromLoad && record.hasId()
              ? new InputTask(stream.source(), witness.plan().partitionOf(record.id()))
              : null;
      case GATHERED -> {
        int each = witness.plan().shape().partitions();
        int partition =
            record.hasId() && witness.plan().indexOf(record.id()) >= 0
                ? witness.plan().partitionOf(record.id())
                : -1;
        yield partition < 0
            ? null
            : new InputTask(app.inputs().get(partition / each), partition % each);
      }
      case COUNT_UPDATES, ENRICHMENT -> new InputTask(stream.source(), record.partition());
      case LATE, CLOSED, TICKS -> null;
    };
  }
}
