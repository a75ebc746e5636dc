package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.AdmissionCheck;
import dev.gretchen.verifier.check.BanUpdatesCheck;
import dev.gretchen.verifier.check.BrokenEventCheck;
import dev.gretchen.verifier.check.ClientPostsCheck;
import dev.gretchen.verifier.check.ClientViews;
import dev.gretchen.verifier.check.CompletenessCheck;
import dev.gretchen.verifier.check.LeakCheck;
import dev.gretchen.verifier.check.ModeratorsCheck;
import dev.gretchen.verifier.check.NumberingCheck;
import dev.gretchen.verifier.check.PostedCheck;
import dev.gretchen.verifier.check.ReadsCheck;
import dev.gretchen.verifier.check.RecentCheck;
import dev.gretchen.verifier.check.RejectionCheck;
import dev.gretchen.verifier.check.ResumptionCheck;
import dev.gretchen.verifier.check.RoomOrderCheck;
import dev.gretchen.verifier.check.WithholdingCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.verdict.Property;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What is judged of a chat.
///
/// The input log says who was banned when; who posted before and after follows from that log alone,
/// and is held against the topics that the app writes. What clients saw is held against the topic
/// of numbered posts, which is judged by itself: so a mistake is found where it was made.
final class ChatTrial {

  private final AppDescriptor app;
  private final History history;
  private final Witness witness;
  private @Nullable RoomIndex rooms;

  ChatTrial(AppDescriptor app, History history, Witness witness) {
    this.app = app;
    this.history = history;
    this.witness = witness;
  }

  /// The checks of a stream, by the name of their property.
  Map<String, Supplier<Property>> stream(Stream stream) {
    PartitionedLog log = history.log(stream.topic());
    PartitionedLog source = history.log(stream.source());
    Map<String, Supplier<Property>> checks = new LinkedHashMap<>();
    switch (stream.kind()) {
      case ADMITTED -> {
        checks.put("admission:" + stream.topic(), () -> AdmissionCheck.check(witness, source, log));
        String deadLetters = Objects.requireNonNull(app.outside().deadLetters());
        checks.put(
            "broken-events:" + deadLetters,
            () -> BrokenEventCheck.check(witness, source, history.log(deadLetters)));
      }
      case REJECTED ->
          checks.put(
              "rejection:" + stream.topic(), () -> RejectionCheck.check(witness, source, log));
      case NUMBERED ->
          checks.put(
              "numbering:" + stream.topic(), () -> NumberingCheck.check(witness, source, log));
      case BANS -> {
        String name = "bans:" + stream.topic();
        checks.put(name, () -> BanUpdatesCheck.check(name, witness, source, log, 0));
      }
      case FILTERED, COUNT_UPDATES, ENRICHMENT, GATHERED, LATE, CLOSED, TICKS ->
          throw new IllegalArgumentException(stream.topic() + " has nothing to do with a chat");
    }
    return checks;
  }

  /// The check of a table, by the name of its property.
  Map<String, Supplier<Property>> table(Table table) {
    PartitionedLog changelog = history.log(table.changelog());
    PartitionedLog source = history.log(table.source());
    return switch (table.kind()) {
      case BANS -> {
        String name = "bans:" + table.name();
        yield Map.of(name, () -> BanUpdatesCheck.check(name, witness, source, changelog, 1));
      }
      case POSTED ->
          Map.of(
              "posted:" + table.name(),
              () -> PostedCheck.check(table.name(), witness, source, changelog));
      case RECENT ->
          Map.of(
              "recent:" + table.name(),
              () -> RecentCheck.check(table.name(), witness, changelog, rooms()));
      case COUNTS, WINDOWED_COUNTS, SESSIONS, EXPIRING_COUNTS ->
          throw new IllegalArgumentException(table.name() + " has nothing to do with a chat");
    };
  }

  /// The checks of what clients saw, by the name of their property.
  ///
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param audit in the order of time
  Map<String, Supplier<Property>> clients(long loadStart, List<AuditEvent> audit) {
    AppDescriptor.Chat promise = Objects.requireNonNull(app.outside().chat());
    String feed = app.stream(StreamKind.NUMBERED).topic();
    PartitionedLog events = history.log(app.input());
    ToLongFunction<LogRecord> asked =
        record ->
            record.hasId() && witness.plan().indexOf(record.id()) >= 0
                ? loadStart + witness.due(record.id())
                : record.timestamp();
    Map<String, Supplier<Property>> checks = new LinkedHashMap<>();
    checks.put("room-order:" + feed, () -> RoomOrderCheck.check(views(feed)));
    checks.put(
        "resumption:" + feed, () -> ResumptionCheck.check(views(feed), promise.reachesBack()));
    checks.put("reads:" + feed, () -> ReadsCheck.check(views(feed)));
    checks.put(
        "withholding:" + feed,
        () ->
            WithholdingCheck.check(
                views(feed), BanHistory.ofEvents(events, asked), promise.withholds()));
    if (promise.withholds()) {
      PartitionedLog bans = history.log(app.stream(StreamKind.BANS).topic());
      checks.put(
          "leaks:" + feed,
          () ->
              LeakCheck.check(
                  views(feed),
                  BanHistory.ofEvents(events, asked),
                  BanHistory.ofTable(bans, asked),
                  promise.leakMax()));
      checks.put(
          "complete-before-served:" + feed,
          () -> CompletenessCheck.check(views(feed), BanHistory.ofTable(bans, asked), audit));
    }
    checks.put("client-posts:" + events.topic(), () -> ClientPostsCheck.check(views(feed), events));
    checks.put("moderators:" + events.topic(), () -> ModeratorsCheck.check(views(feed), events));
    return checks;
  }

  private ClientViews views(String feed) {
    return new ClientViews(witness, history, feed, rooms());
  }

  private RoomIndex rooms() {
    RoomIndex known = rooms;
    if (known == null) {
      known = RoomIndex.of(history.log(app.stream(StreamKind.NUMBERED).topic()));
      rooms = known;
    }
    return known;
  }
}
