package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.load.Barrier;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.truth.KeyIndex;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `enriched-or-dead`: every event of the source is in the stream or among the dead letters,
/// exactly once in one of them, and in the right one.
///
/// What cannot be enriched (no order at all, a symbol without a price) must be a dead letter. What
/// can be may be one too, but only where the services gave a reason: a call for it failed. And a
/// dead letter says the true reason: that it cannot be decoded, or the service that is at fault. In
/// the stream an event keeps its key and time, and events of one key keep their order, however many
/// were under way at a time. One bit for each event of the load and class is the memory that this
/// takes. The markers behind the load count nowhere.
///
/// Kinds: `lost`, `doubled`, `phantom`, `both` (enriched and a dead letter), `wrong-value`,
/// `out-of-order`, `dead-without-cause`, `wrong-reason`.
public final class EnrichmentCheck {

  /// What the reason of a dead letter says whose bytes are no event.
  private static final String UNDECODABLE = "cannot decode";

  private static final int REASON_SHOWN_MAX = 160;

  private final Witness witness;
  private final LoadPlan plan;
  private final OrderBook book;
  private final PartitionedLog source;
  private final PartitionedLog stream;
  private final PartitionedLog deadLetters;
  private final CallIndex calls;
  private final List<Service> services;
  private final BitSet enriched = new BitSet();
  private final BitSet dead = new BitSet();
  private final KeyIndex keys = new KeyIndex();
  private final Longs lastIndexes = new Longs(-1);
  private final Findings findings = new Findings();
  private @Nullable Set<String> failing;
  private long repeated;

  private EnrichmentCheck(
      Witness witness,
      PartitionedLog source,
      PartitionedLog stream,
      PartitionedLog deadLetters,
      CallIndex calls,
      List<Service> services) {
    this.witness = witness;
    this.plan = witness.plan();
    this.book = plan.orders();
    this.source = source;
    this.stream = stream;
    this.deadLetters = deadLetters;
    this.calls = calls;
    this.services = services;
  }

  /// The logs that are held against each other.
  public record Logs(PartitionedLog source, PartitionedLog stream, PartitionedLog deadLetters) {}

  /// Judges a stream and the dead letters by their source.
  ///
  /// @param services those that an event of the source needs
  public static Property check(
      Witness witness, Logs logs, CallIndex calls, List<Service> services, Guarantee guarantee) {
    return new EnrichmentCheck(
            witness, logs.source(), logs.stream(), logs.deadLetters(), calls, services)
        .check(guarantee);
  }

  private Property check(Guarantee guarantee) {
    boolean once = guarantee == Guarantee.EXACTLY_ONCE;
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      observe(records.next(), once);
    }
    for (MergedLog records = new MergedLog(deadLetters); records.hasNext(); ) {
      bury(records.next(), once);
    }
    for (int p = 0; p < source.partitions(); p++) {
      for (Iterator<LogRecord> records = source.records(p); records.hasNext(); ) {
        expect(records.next());
      }
    }
    return findings.property(
        "enriched-or-dead:" + stream.topic(),
        Section.SAFETY,
        "Of the events of "
            + source.topic()
            + " "
            + enriched.cardinality()
            + " are in "
            + stream.topic()
            + " and "
            + dead.cardinality()
            + " among the dead letters, each once"
            + (once ? "." : " or, after a replay, again (" + repeated + ")."));
  }

  private void observe(LogRecord record, boolean once) {
    if (isMarker(record)) {
      return;
    }
    findings.compared();
    int index = record.hasId() ? (int) plan.indexOf(record.id()) : -1;
    if (index < 0 || !belongs(record.id()) || !canBeEnriched(record.id())) {
      add("phantom", stream, record, () -> "holds " + witness.event(record) + ", out of place");
      return;
    }
    if (enriched.get(index)) {
      repeated++;
      if (once) {
        add("doubled", stream, record, () -> "repeats " + witness.event(record.id()));
      }
      return;
    }
    enriched.set(index);
    if (!Arrays.equals(plan.event(index).key(), record.key())
        || plan.time(index, record.id()) != record.timestamp()) {
      add(
          "wrong-value",
          stream,
          record,
          () -> "changed key or time of " + witness.event(record.id()));
      return;
    }
    int slot = keys.add(plan.event(index).key(), 0);
    if (index < lastIndexes.get(slot)) {
      add(
          "out-of-order",
          stream,
          record,
          () -> "holds " + witness.event(record.id()) + " after event #" + lastIndexes.get(slot));
    }
    lastIndexes.set(slot, Math.max(index, lastIndexes.get(slot)));
  }

  private void bury(LogRecord record, boolean once) {
    int index = record.hasId() ? (int) plan.indexOf(record.id()) : -1;
    if (isMarker(record) || (index >= 0 && !belongs(record.id()))) {
      return;
    }
    findings.compared();
    if (index < 0) {
      add("phantom", deadLetters, record, () -> "holds " + witness.event(record));
    } else if (dead.get(index)) {
      repeated++;
      if (once) {
        add("doubled", deadLetters, record, () -> "repeats " + witness.event(record.id()));
      }
    } else {
      dead.set(index);
      if (canBeEnriched(record.id()) && !hasCause(record.id())) {
        add(
            "dead-without-cause",
            deadLetters,
            record,
            () -> "puts " + witness.event(record.id()) + " aside though no call for it failed");
        return;
      }
      String right = rightReason(record);
      if (right != null) {
        add(
            "wrong-reason",
            deadLetters,
            record,
            () ->
                "puts "
                    + witness.event(record.id())
                    + " aside because '"
                    + shortened(Witness.text(record.reason()))
                    + "', but "
                    + right);
      }
    }
  }

  private void expect(LogRecord record) {
    int index = record.hasId() ? (int) plan.indexOf(record.id()) : -1;
    if (index < 0) {
      return;
    }
    findings.compared();
    if (enriched.get(index) && dead.get(index)) {
      add(
          "both",
          source,
          record,
          () -> witness.event(record.id()) + " is enriched and a dead letter too");
    } else if (!enriched.get(index) && !dead.get(index)) {
      add(
          "lost",
          source,
          record,
          () -> witness.event(record.id()) + " is neither enriched nor a dead letter");
    }
  }

  /// What a dead letter should have named as its reason; null where it did.
  private @Nullable String rightReason(LogRecord letter) {
    String reason = Witness.text(letter.reason());
    return switch (book.kind(letter.id())) {
      case GARBLED -> reason.contains(UNDECODABLE) ? null : "it cannot be decoded";
      case UNPRICED -> {
        String asked = services.getFirst().name();
        yield reason.contains(asked) ? null : asked + " has nothing for it";
      }
      case PRICED, QUERY ->
          services.stream()
                  .map(Service::name)
                  .anyMatch(name -> failing().contains(name) && reason.contains(name))
              ? null
              : "what failed in this run is " + failing();
    };
  }

  private boolean hasCause(long id) {
    return hasClosed()
        || services.stream()
            .anyMatch(
                service -> calls.attempts(service.name(), id).stream().anyMatch(isFailed(service)));
  }

  /// The services that failed at all: where most calls fail, a caller may give up an event whose
  /// own call was not even tried.
  private Set<String> failing() {
    Set<String> known = failing;
    if (known == null) {
      known = new TreeSet<>();
      for (Service service : services) {
        if (hasClosed() || calls.all(service.name()).stream().anyMatch(isFailed(service))) {
          known.add(service.name());
        }
      }
      failing = known;
    }
    return known;
  }

  private static Predicate<CallIndex.Attempt> isFailed(Service service) {
    return attempt -> !attempt.isGood(service.timeout().toMillis());
  }

  /// A connection that is refused shows at no front: a fault that closes a port is cause enough.
  private boolean hasClosed() {
    return witness.faults().stream()
        .anyMatch(fault ->
            fault.kind().equals("service-outage")
                || fault.kind().equals("service-refusal")
                || fault.kind().equals("service-flap"));
  }

  private static String shortened(String reason) {
    return reason.length() > REASON_SHOWN_MAX
        ? reason.substring(0, REASON_SHOWN_MAX) + "…"
        : reason;
  }

  /// Whether an event is of this source and not of another one.
  private boolean belongs(long id) {
    boolean query = book.kind(id) == OrderBook.Kind.QUERY;
    return query == services.stream().anyMatch(service -> service.name().equals("search"));
  }

  private boolean canBeEnriched(long id) {
    return switch (book.kind(id)) {
      case PRICED, QUERY -> true;
      case UNPRICED, GARBLED -> false;
    };
  }

  static boolean isMarker(LogRecord record) {
    byte[] key = record.key();
    return key != null && Arrays.equals(key, Barrier.MARKER.getBytes(StandardCharsets.UTF_8));
  }

  private void add(String kind, PartitionedLog log, LogRecord record, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "Key "
                + Witness.text(record.key())
                + ": "
                + Witness.at(log.topic(), record)
                + Witness.by(record)
                + " "
                + what.get()
                + witness.after(record.observedAt())
                + ".",
            List.of(witness.exhibit(log.topic(), record, kind)),
            record.observedAt()));
  }
}
