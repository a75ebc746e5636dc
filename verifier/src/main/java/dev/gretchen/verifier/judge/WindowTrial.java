package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.ClosedCheck;
import dev.gretchen.verifier.check.ExpiringCheck;
import dev.gretchen.verifier.check.GatheredCheck;
import dev.gretchen.verifier.check.LateCheck;
import dev.gretchen.verifier.check.SessionCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Span;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.truth.AlignedWindows;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.JoinedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.SessionTruth;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.truth.WindowsOfTable;
import dev.gretchen.verifier.verdict.Property;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// What is judged of an app that gathers events from several topics and keeps windows, sessions and
/// keys that expire behind that.
///
/// The order in which events of several topics came together is nobody's to foretell. So what is
/// behind is judged by the committed log of the stream that they came together in: which of them
/// was late, which window it closed, which sessions it united hangs on the order in one partition
/// of that log and on nothing else. The stream itself is judged against the inputs.
final class WindowTrial {

  private final AppDescriptor app;
  private final History history;
  private final Witness witness;
  private final Guarantee guarantee;
  private final BiFunction<PartitionedLog, Grouping, TallyTruth> truths;

  /// @param truths folds a source, once for each grouping
  WindowTrial(
      AppDescriptor app,
      History history,
      Witness witness,
      Terms terms,
      BiFunction<PartitionedLog, Grouping, TallyTruth> truths) {
    this.app = app;
    this.history = history;
    this.witness = witness;
    this.guarantee = terms.streams();
    this.truths = truths;
  }

  /// The checks of a gathered stream, or of one of late events or closed windows, by the name of
  /// their property.
  Map<String, Supplier<Property>> stream(Stream stream) {
    PartitionedLog log = history.log(stream.topic());
    Map<String, Supplier<Property>> checks = new LinkedHashMap<>();
    switch (stream.kind()) {
      case GATHERED -> {
        PartitionedLog inputs = new JoinedLog(app.inputs().stream().map(history::log).toList());
        checks.put(
            "gathered:" + stream.topic(),
            () -> GatheredCheck.check(witness, app.inputs(), stream.by(), inputs, log, guarantee));
      }
      case LATE ->
          stream.of().stream()
              .map(app::table)
              .forEach(table ->
                  checks.put(
                      "late:" + table.name(),
                      () ->
                          LateCheck.check(
                              witness, table.name(), source(table), windows(table), log)));
      case CLOSED ->
          stream.of().stream()
              .map(app::table)
              .forEach(table ->
                  checks.put(
                      "closed:" + table.name(),
                      () ->
                          ClosedCheck.check(
                              witness,
                              table.name(),
                              source(table).partitions(),
                              windows(table),
                              log)));
      case FILTERED, COUNT_UPDATES, ENRICHMENT, TICKS ->
          throw new IllegalArgumentException(stream.topic() + " has nothing to do with windows");
    }
    return checks;
  }

  /// The check of a table of sessions.
  Property sessions(Table table) {
    return SessionCheck.check(
        witness, table.name(), sessionsOf(table), history.log(table.changelog()));
  }

  /// The check of a table whose keys expire.
  Property expiring(Table table) {
    return ExpiringCheck.check(
        witness,
        table.name(),
        source(table),
        table.requiredSpan().size(),
        history.log(table.changelog()));
  }

  private PartitionedLog source(Table table) {
    return history.log(table.source());
  }

  private SessionTruth sessionsOf(Table table) {
    Span span = table.requiredSpan();
    return new SessionTruth(source(table), span.size(), span.retention());
  }

  private WindowsOfTable windows(Table table) {
    return switch (table.kind()) {
      case SESSIONS -> sessionsOf(table);
      case WINDOWED_COUNTS -> {
        Grouping.ByWindow windows = Grouping.ByWindow.of(table.requiredSpan());
        yield new AlignedWindows(source(table), truths.apply(source(table), windows), windows);
      }
      case COUNTS, EXPIRING_COUNTS ->
          throw new IllegalArgumentException("table " + table.name() + " has no windows");
    };
  }
}
