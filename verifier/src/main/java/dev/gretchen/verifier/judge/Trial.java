package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.AtLeastOnceCheck;
import dev.gretchen.verifier.check.AtomicityCheck;
import dev.gretchen.verifier.check.CleanRestartCheck;
import dev.gretchen.verifier.check.DisjointOwnershipCheck;
import dev.gretchen.verifier.check.DroppedCheck;
import dev.gretchen.verifier.check.FilteredCheck;
import dev.gretchen.verifier.check.FinalTallies;
import dev.gretchen.verifier.check.GenerationCheck;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.MovesCheck;
import dev.gretchen.verifier.check.OffsetsCheck;
import dev.gretchen.verifier.check.OneWriterCheck;
import dev.gretchen.verifier.check.PrefixCheck;
import dev.gretchen.verifier.check.ProgressCheck;
import dev.gretchen.verifier.check.RebalancesCheck;
import dev.gretchen.verifier.check.StandbyCheck;
import dev.gretchen.verifier.check.SteadyGroupCheck;
import dev.gretchen.verifier.check.StoreCheck;
import dev.gretchen.verifier.check.SumCheck;
import dev.gretchen.verifier.check.TimerCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.truth.EventsOnly;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Holds every stream, table and offset that an app's descriptor names against the truth.
///
/// The history may lie in a run directory or in memory; the same one gives the same properties,
/// word for word. A checker that breaks leaves its property UNKNOWN and the others standing. One
/// instance belongs to one thread.
public final class Trial {

  private record TruthKey(String source, Grouping grouping) {}

  private final AppDescriptor app;
  private final History history;
  private final Witness witness;
  private final Terms terms;
  private final Set<String> colors;
  private final Map<TruthKey, TallyTruth> truths = new HashMap<>();
  private final List<Property> properties = new ArrayList<>();
  private final WindowTrial windows;
  private @Nullable OutsideTrial outside;

  /// A trial of what was observed.
  ///
  /// @param witness of the same run
  public Trial(AppDescriptor app, History history, Witness witness, Terms terms) {
    this.app = app;
    this.history = history;
    this.witness = witness;
    this.terms = terms;
    this.colors = new HashSet<>(witness.plan().colors());
    this.windows = new WindowTrial(app, history, witness, terms, this::truth);
  }

  /// Judges all that the descriptor promises, in its order.
  ///
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param loadEnd epoch milliseconds at which the last event was sent
  public List<Property> judge(long loadStart, long loadEnd) {
    List<Property> all = new ArrayList<>(safety());
    all.addAll(atomic());
    properties.clear();
    for (Stream stream : app.streams()) {
      if (!stream.kind().isSteady()) {
        continue;
      }
      decide(
          "progress:" + stream.topic(),
          Section.LIVENESS,
          stream.topic(),
          () -> ProgressCheck.check(witness, history.log(stream.topic()), loadStart, loadEnd));
    }
    if (!app.outside().services().isEmpty()) {
      properties.add(
          guarded(
              SteadyGroupCheck.NAME,
              Section.LIVENESS,
              () -> SteadyGroupCheck.check(witness, OutsideTrial.audit(app, history))));
    }
    all.addAll(properties);
    return all;
  }

  /// Judges transactions by the events whose records share them; nothing where there are none. Asks
  /// for every record that was written: whoever observed them has seen them before they could be
  /// compacted.
  public List<Property> atomic() {
    properties.clear();
    if (terms.oneTransaction()) {
      app.sources().forEach(this::atomicity);
    }
    return List.copyOf(properties);
  }

  /// Judges what must never happen, and leaves aside how long anything took.
  public List<Property> safety() {
    properties.clear();
    app.streams().forEach(this::stream);
    app.tables().forEach(this::table);
    for (String source : app.sources()) {
      decide(
          "offsets:" + source,
          Section.SAFETY,
          source,
          () -> OffsetsCheck.check(history.log(source), history.offsets()));
    }
    for (Stream stream : app.streams()) {
      if (terms.fencedStreams()) {
        generations(stream.topic());
      }
    }
    for (Table table : app.tables()) {
      generations(table.changelog());
    }
    if (terms.oneTransaction()) {
      app.sources().forEach(this::oneWriter);
    }
    return List.copyOf(properties);
  }

  private void oneWriter(String source) {
    List<PartitionedLog> logs = new ArrayList<>();
    app.streams().stream()
        .filter(stream -> app.isMadeOf(stream, source) && isOfEvents(stream))
        .forEach(stream -> logs.add(history.log(stream.topic())));
    app.tables().stream()
        .filter(table -> table.source().equals(source))
        .forEach(table -> logs.add(ofEvents(table)));
    if (!logs.isEmpty()) {
      inOrder(
          OneWriterCheck.name(source), source, () -> OneWriterCheck.check(witness, source, logs));
    }
  }

  /// Whether each record of a stream names the event that it was sent for; that of a closed window
  /// or a timer names a moment.
  private static boolean isOfEvents(Stream stream) {
    return stream.kind() != StreamKind.CLOSED && stream.kind() != StreamKind.TICKS;
  }

  /// What events have written to a table's changelog.
  private PartitionedLog ofEvents(Table table) {
    PartitionedLog changelog = history.log(table.changelog());
    return table.kind() == TableKind.COUNTS ? changelog : new EventsOnly(changelog);
  }

  /// Judges what workers told of what they own; nothing where the app has no audit topic.
  ///
  /// @param audit in the order of time
  /// @param exits of workers that ended by themselves
  public List<Property> ownership(List<AuditEvent> audit, List<Moment> exits) {
    if (app.auditTopic() == null) {
      return List.of();
    }
    List<Moment> ends = new ArrayList<>(witness.faults());
    ends.addAll(exits);
    List<Property> told = new ArrayList<>();
    told.add(
        guarded(
            DisjointOwnershipCheck.NAME,
            Section.SAFETY,
            () -> DisjointOwnershipCheck.check(audit, ends)));
    told.add(guarded(MovesCheck.NAME, Section.LIVENESS, () -> MovesCheck.check(audit, ends)));
    CleanRestartCheck.check(audit, ends).ifPresent(told::add);
    List<PartitionedLog> logs =
        app.streams().stream().map(stream -> history.log(stream.topic())).toList();
    told.add(
        guarded(
            RebalancesCheck.NAME,
            Section.LIVENESS,
            () -> RebalancesCheck.check(witness, logs, audit, ends)));
    return told;
  }

  private void stream(Stream stream) {
    PartitionedLog source = history.log(stream.source());
    PartitionedLog log = history.log(stream.topic());
    switch (stream.kind()) {
      case FILTERED -> {
        String name = "stream-exact:" + stream.topic();
        decide(
            name,
            Section.SAFETY,
            stream.topic(),
            () ->
                switch (terms.streams()) {
                  case EXACTLY_ONCE -> FilteredCheck.check(witness, source, log);
                  case AT_LEAST_ONCE -> atLeastOnce("stream-at-least-once:", stream, source, log);
                });
      }
      case COUNT_UPDATES -> {
        String name = "output-exact:" + stream.topic();
        decide(
            name,
            Section.SAFETY,
            stream.topic(),
            () ->
                switch (terms.streams()) {
                  case EXACTLY_ONCE ->
                      PrefixCheck.check(
                          name, witness, source, byKey(source), log, PrefixCheck.Mode.EVERY);
                  case AT_LEAST_ONCE -> atLeastOnce("output-at-least-once:", stream, source, log);
                });
        if (!terms.fencedStreams()) {
          return;
        }
        String last = "final-output:" + stream.topic();
        decide(
            last,
            Section.SAFETY,
            stream.topic(),
            () -> FinalTallies.check(last, witness, byKey(source), log, false, terms.streams()));
      }
      case ENRICHMENT ->
          outside().stream(stream)
              .forEach((name, check) -> decide(name, Section.SAFETY, stream.topic(), check));
      case GATHERED ->
          windows.stream(stream)
              .forEach((name, check) -> decide(name, Section.SAFETY, stream.topic(), check));
      case LATE, CLOSED ->
          windows.stream(stream)
              .forEach((name, check) -> decideOnce(name, stream.topic(), terms.streams(), check));
      case TICKS ->
          decideOnce(
              "timer:" + stream.topic(), stream.topic(), terms.streams(), () -> timer(stream, log));
    }
  }

  private Property timer(Stream stream, PartitionedLog log) {
    Duration every = Objects.requireNonNull(stream.every());
    String beside =
        app.streams().stream()
            .filter(other -> other.kind().isSteady())
            .map(Stream::topic)
            .findFirst()
            .orElse(stream.topic());
    return TimerCheck.check(witness, log, every, history.log(beside));
  }

  /// Decides what holds under exactly-once alone.
  private void decideOnce(
      String name, String topic, Guarantee guarantee, Supplier<Property> check) {
    switch (guarantee) {
      case EXACTLY_ONCE -> decide(name, Section.SAFETY, topic, check);
      case AT_LEAST_ONCE ->
          properties.add(Property.skipped(name, Section.SAFETY, "judged under exactly-once only"));
    }
  }

  private OutsideTrial outside() {
    OutsideTrial known = outside;
    if (known == null) {
      known = new OutsideTrial(app, history, witness, terms);
      outside = known;
    }
    return known;
  }

  private Property atLeastOnce(
      String prefix, Stream stream, PartitionedLog source, PartitionedLog log) {
    boolean filtered = stream.kind() == StreamKind.FILTERED;
    return AtLeastOnceCheck.check(
        prefix + stream.topic(),
        witness,
        source,
        record -> !filtered || colors.contains(Witness.text(record.value())),
        log);
  }

  private void table(Table table) {
    switch (table.kind()) {
      case COUNTS -> tallies(table, new Grouping.ByKey());
      case WINDOWED_COUNTS -> {
        Grouping.ByWindow grouping = Grouping.ByWindow.of(table.requiredSpan());
        tallies(table, grouping);
        dropped(table, grouping);
      }
      case SESSIONS ->
          decideOnce(
              "sessions:" + table.name(),
              table.changelog(),
              terms.tables(),
              () -> windows.sessions(table));
      case EXPIRING_COUNTS ->
          decideOnce(
              "expiring:" + table.name(),
              table.changelog(),
              terms.tables(),
              () -> windows.expiring(table));
    }
    stores(table);
  }

  /// Windows that nobody keeps any more, where there are any.
  private void dropped(Table table, Grouping.ByWindow grouping) {
    PartitionedLog changelog = history.log(table.changelog());
    if (changelog.partitions() == 0) {
      return;
    }
    String name = "dropped:" + table.name();
    try {
      DroppedCheck.check(
              table.name(), truth(history.log(table.source()), grouping), grouping, changelog)
          .ifPresent(properties::add);
    } catch (RuntimeException e) {
      properties.add(
          Property.unknown(name, Section.SAFETY, 0, "The checker could not finish: " + e));
    }
  }

  private void tallies(Table table, Grouping grouping) {
    PartitionedLog source = history.log(table.source());
    PartitionedLog changelog = history.log(table.changelog());
    String prefix = "changelog-prefix:" + table.name();
    switch (terms.tables()) {
      case EXACTLY_ONCE ->
          decide(
              prefix,
              Section.SAFETY,
              table.changelog(),
              () ->
                  PrefixCheck.check(
                      prefix,
                      witness,
                      source,
                      truth(source, grouping),
                      changelog,
                      PrefixCheck.Mode.SOME));
      case AT_LEAST_ONCE ->
          properties.add(
              Property.skipped(prefix, Section.SAFETY, "judged under exactly-once only"));
    }
    String last = "final-table:" + table.name();
    decide(
        last,
        Section.SAFETY,
        table.changelog(),
        () ->
            FinalTallies.check(
                last, witness, truth(source, grouping), changelog, true, terms.tables()));
    String sums = table.sums();
    if (sums != null) {
      decide(
          "sums:" + table.name(),
          Section.SAFETY,
          table.changelog(),
          () -> SumCheck.check(table.name(), witness, source, changelog, grouping, sums));
    }
  }

  private void stores(Table table) {
    PartitionedLog changelog = history.log(table.changelog());
    decide(
        "store:" + table.name(),
        Section.SAFETY,
        table.changelog(),
        () -> StoreCheck.check(table.name(), changelog, history.stores()));
    // an app need not have standbys; whether it has those that it was told to is not for a trial
    if (StandbyCheck.appliesTo(table.name(), history.stores())) {
      decide(
          StandbyCheck.name(table.name()),
          Section.SAFETY,
          table.changelog(),
          () -> StandbyCheck.check(table.name(), changelog, history.stores()));
    }
  }

  private void atomicity(String source) {
    List<PartitionedLog> whole = new ArrayList<>();
    List<PartitionedLog> partial = new ArrayList<>();
    for (Stream stream : app.streams()) {
      if (app.isMadeOf(stream, source) && isOfEvents(stream)) {
        boolean all =
            stream.kind() == StreamKind.COUNT_UPDATES || stream.kind() == StreamKind.GATHERED;
        (all ? whole : partial).add(history.log(stream.topic()));
      }
    }
    for (Table table : app.tables()) {
      if (table.source().equals(source)) {
        boolean all = table.kind() == TableKind.COUNTS || table.kind() == TableKind.EXPIRING_COUNTS;
        (all ? whole : partial).add(ofEvents(table));
      }
    }
    if (!(whole.isEmpty() && partial.isEmpty())) {
      inOrder(
          AtomicityCheck.name(source),
          source,
          () -> AtomicityCheck.check(witness, source, whole, partial, history.offsets()));
    }
  }

  /// Decides what can be decided only where a generation's offsets of a source end where the next
  /// one's begin.
  private void inOrder(String name, String source, Supplier<Property> check) {
    String obstacle = disorder(source);
    if (obstacle == null) {
      decide(name, Section.SAFETY, source, check);
    } else {
      properties.add(Property.skipped(name, Section.SAFETY, obstacle));
    }
  }

  /// Why events of a source may be applied in another order than they came; null if they may not.
  private @Nullable String disorder(String source) {
    boolean enriched =
        app.streams().stream()
            .anyMatch(
                stream -> stream.source().equals(source) && stream.kind() == StreamKind.ENRICHMENT);
    if (enriched) {
      return "Events of "
          + source
          + " wait for services, many at a time, so that one transaction may well hold a later event without an earlier one.";
    }
    return OneWriterCheck.isFor(source, history.offsets())
        ? null
        : "The committed offsets show that several events of "
            + source
            + " are handled at a time, so that one transaction may well hold a later event without an earlier one.";
  }

  private void generations(String topic) {
    decide(
        "generation-order:" + topic,
        Section.SAFETY,
        topic,
        () -> GenerationCheck.check(witness, history.log(topic)));
  }

  private TallyTruth byKey(PartitionedLog source) {
    return truth(source, new Grouping.ByKey());
  }

  private TallyTruth truth(PartitionedLog source, Grouping grouping) {
    return truths.computeIfAbsent(
        new TruthKey(source.topic(), grouping), _ -> TallyTruth.fold(source, grouping));
  }

  private void decide(String name, Section section, String topic, Supplier<Property> check) {
    if (history.log(topic).partitions() == 0) {
      properties.add(
          Property.unknown(
              name, section, 0, "Topic " + topic + " was never observed; does it exist?"));
      return;
    }
    properties.add(guarded(name, section, check));
  }

  /// Runs a checker; one that breaks decides nothing about its property, and says so.
  private static Property guarded(String name, Section section, Supplier<Property> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return Property.unknown(name, section, 0, "The checker could not finish: " + e);
    }
  }
}
