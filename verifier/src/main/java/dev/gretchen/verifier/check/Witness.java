package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.contract.TimedTally;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly.Exhibit;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts what checkers found into words: which event, where it lies in the input, who sent a record,
/// what was killed shortly before.
///
/// The place of an event in the input log is found by reading its partition again; at most
/// [#PLACES_MAX] different ones are looked up in a judgement.
public final class Witness {

  /// How many events are looked up in the input log.
  public static final int PLACES_MAX = 100;

  private final LoadPlan plan;
  private final PartitionedLog input;
  private final List<Moment> faults;
  private final Map<Long, String> places = new HashMap<>();

  /// A witness of one run.
  public Witness(LoadPlan plan, PartitionedLog input, List<Moment> faults) {
    this.plan = plan;
    this.input = input;
    this.faults = faults.stream().sorted(Comparator.comparingLong(Moment::at)).toList();
  }

  /// The load.
  public LoadPlan plan() {
    return plan;
  }

  /// The faults in the order of their effect.
  public List<Moment> faults() {
    return faults;
  }

  /// An event's name: number, id and place in the input.
  public String event(long id) {
    long index = plan.indexOf(id);
    if (index < 0) {
      return "an event that the load does not hold (id " + Hex16.of(id) + ")";
    }
    return "event #" + index + " of the load (id " + Hex16.of(id) + ", " + place(id) + ")";
  }

  /// The event of a record, or that it has none.
  public String event(LogRecord record) {
    return record.hasId() ? event(record.id()) : "a record without an event id";
  }

  /// Where a record lies.
  public static String at(String topic, LogRecord record) {
    return topic + "-" + record.partition() + "@" + record.offset();
  }

  /// Who sent a record, with a leading word; empty where it does not say.
  public static String by(@Nullable LogRecord record) {
    Lineage lineage = record == null ? null : Lineage.decode(record.lineage());
    return lineage == null ? "" : " by " + lineage.sender();
  }

  /// The last end of a worker before a moment, as a clause; empty where there was none.
  public String after(long atMillis) {
    Optional<Moment> kill =
        faults.stream()
            .filter(fault -> fault.endsProcess() && fault.at() <= atMillis)
            .reduce((_, later) -> later);
    return kill.map(fault ->
            "; "
                + fault.target()
                + " was hit by "
                + fault.kind()
                + " "
                + (atMillis - fault.at())
                + " ms before")
        .orElse("");
  }

  /// A record as evidence.
  public Exhibit exhibit(String topic, LogRecord record, String remark) {
    StringBuilder what = new StringBuilder(key(record.key()));
    byte[] value = record.value();
    what.append(", value ").append(value == null ? "null" : shorten(value));
    if (record.hasId()) {
      what.append(", id ").append(Hex16.of(record.id()));
    }
    Lineage lineage = Lineage.decode(record.lineage());
    if (lineage != null) {
      what.append(", from ").append(lineage.topic()).append('-').append(lineage.partition());
      what.append('@').append(lineage.first()).append("..").append(lineage.last());
      what.append(" by ").append(lineage.sender());
    }
    return new Exhibit(at(topic, record), what.toString(), remark);
  }

  /// A key for a sentence: a changelog's with its window, any other as text.
  private static String key(byte @Nullable [] key) {
    boolean tagged = key != null && key.length > 0 && (key[0] == 1 || key[0] == 2);
    return tagged ? ChangelogKey.describe(key) : "key " + text(key);
  }

  /// Bytes as text, for a sentence.
  public static String text(byte @Nullable [] bytes) {
    return bytes == null ? "(none)" : new String(bytes, StandardCharsets.UTF_8);
  }

  /// When an event was due, in milliseconds after the start of the load.
  public long due(long id) {
    return (long) plan.dueMillis(plan.indexOf(id));
  }

  private static String shorten(byte[] value) {
    String text = describe(value);
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  /// A value in words, where it is one that the contract knows.
  private static String describe(byte[] value) {
    var tally = TallyJson.decode(value);
    if (tally != null) {
      return tally.toString();
    }
    var timed = TimedTally.decode(value);
    if (timed != null) {
      return timed.tally() + ", written at " + Instant.ofEpochMilli(timed.at());
    }
    var session = SessionValue.decode(value);
    return session == null
        ? text(value)
        : session.tally()
            + ", from "
            + Instant.ofEpochMilli(session.start())
            + " to "
            + Instant.ofEpochMilli(session.end());
  }

  private String place(long id) {
    String known = places.get(id);
    if (known != null) {
      return known;
    }
    int partition = plan.partitionOf(id);
    String place = input.place(partition);
    if (places.size() >= PLACES_MAX || partition >= input.partitions()) {
      return place;
    }
    Iterator<LogRecord> records = input.records(partition);
    while (records.hasNext()) {
      LogRecord record = records.next();
      if (record.hasId() && record.id() == id) {
        place = input.place(partition) + "@" + record.offset();
        places.put(id, place);
        return place;
      }
    }
    place += ", absent from its log";
    places.put(id, place);
    return place;
  }
}
